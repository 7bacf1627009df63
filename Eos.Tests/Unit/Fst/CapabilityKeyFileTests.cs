using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Fst;

public sealed class CapabilityKeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_made_once_and_for_their_owner_only()
    {
        var path = _folder.Of("keys");
        var made = CapabilityKeyFile.LoadOrCreate(path);
        var read = CapabilityKeyFile.LoadOrCreate(path);
        Assert.Equal(made.Current.Secret.ToArray(), read.Current.Secret.ToArray());
        Assert.Null(read.Previous);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void After_a_change_the_key_before_still_opens()
    {
        var path = _folder.Of("keys");
        var before = CapabilityKeyFile.LoadOrCreate(path);
        CapabilityKeyFile.Change(path);
        var after = CapabilityKeyFile.LoadOrCreate(path);
        Assert.Equal(before.Current.Id + 1, after.Current.Id);
        Assert.Equal(before.Current.Secret.ToArray(), after.Find(before.Current.Id)!.Secret.ToArray());
        CapabilityKeyFile.Change(path);
        Assert.Null(CapabilityKeyFile.LoadOrCreate(path).Find(before.Current.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 abc")]
    [InlineData("x 0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_damaged_file_is_an_error_and_stays(string text)
    {
        var path = _folder.Of("keys");
        File.WriteAllText(path, text);
        Assert.Equal(Errno.BadMessage, Assert.Throws<DiskFault>(() => CapabilityKeyFile.LoadOrCreate(path)).Why);
        Assert.Equal(text, File.ReadAllText(path));
    }
}
