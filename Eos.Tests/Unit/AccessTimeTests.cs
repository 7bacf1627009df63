using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>The time of access: only where it is wanted, and as exactly as it is wanted.</summary>
public class AccessTimeTests
{
    private readonly NamespaceInMemory _eos = new();

    public AccessTimeTests()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/d/f");
    }

    private FileRecord File => Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/f"))).File;

    private void Read() => Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/d/f")));

    private void Pass(int seconds)
    {
        _eos.Now += TimeSpan.FromSeconds(seconds);
        _eos.AddFilesystem(1);
    }

    private void Force(string value) =>
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add(AccessTimeRules.ForceKey, value), "", false));

    [Fact]
    public void Nothing_is_written_where_nobody_asked()
    {
        Read();
        Assert.Equal(Instant.Epoch, File.Accessed);
        Assert.DoesNotContain(_eos.Told, m => m is DirectoryProtocol.NoteAccess);
    }

    [Fact]
    public void A_read_is_written_down_once_for_each_time_of_that_length()
    {
        _eos.Instance.Set("global", SpaceKey("atime"), "60");
        var before = File;
        Read();
        Assert.Equal((before.Times, _eos.Now), (File.Times, File.Accessed));
        var first = _eos.Now;
        Pass(59);
        Read();
        Assert.Equal(first, File.Accessed);
        Assert.Single(_eos.Told, m => m is DirectoryProtocol.NoteAccess);
        Pass(1);
        Read();
        Assert.Equal(_eos.Now, File.Accessed);
    }

    [Fact]
    public void A_directory_says_it_for_its_files()
    {
        _eos.Instance.Set("global", SpaceKey("atime"), "3600");
        Force("10");
        Read();
        Pass(10);
        Read();
        Assert.Equal(_eos.Now, File.Accessed);
        Force("0");
        Pass(7200);
        Read();
        Assert.NotEqual(_eos.Now, File.Accessed);
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add(AccessTimeRules.ForceKey, "soon"), "", false)));
    }

    [Fact]
    public void A_refused_read_and_a_stalled_instance_write_nothing()
    {
        Force("1");
        _eos.Must(h => new ChangeMode(h, "/eos/dev/d", 0x1c0));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new OpenRead(h, "/eos/dev/d/f"), 9));
        _eos.Instance.Set("access", "stall:w:*", "60");
        Read();
        Assert.Equal(Instant.Epoch, File.Accessed);
    }

    [Fact]
    public void Two_gateways_that_note_the_same_read_time_change_it_once()
    {
        Force("60");
        var (directory, file) = (Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/f"))).Parent, File.Id);
        Read();
        var noted = _eos.State(directory);
        _eos.Now += TimeSpan.FromSeconds(30);
        _eos.Tell(new DirectoryProtocol.NoteAccess(directory, new OpId(Guid.NewGuid(), 1), "f", file, TimeSpan.FromSeconds(60)));
        Assert.Same(noted, _eos.State(directory));
        _eos.Now += TimeSpan.FromSeconds(30);
        _eos.Tell(new DirectoryProtocol.NoteAccess(directory, new OpId(Guid.NewGuid(), 1), "f", new FileId(9999), TimeSpan.FromSeconds(60)));
        Assert.Same(noted, _eos.State(directory));
    }

    private static string SpaceKey(string key) => Eos.Views.ViewConfiguration.KeyOf("dev", Eos.Views.ViewConfiguration.Space, "default", key);
}
