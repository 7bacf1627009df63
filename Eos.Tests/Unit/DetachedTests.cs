using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using DropDetached = Eos.Namespace.DirectoryProtocol.DropDetached;

namespace Eos.Tests.Unit;

/// <summary>Files that were removed and wait for their replicas to be deleted.</summary>
public class DetachedTests
{
    private static readonly DirectoryId Dev = new(3);
    private static readonly FsId One = new(1), Two = new(2);
    private readonly NamespaceInMemory _eos = new();
    private readonly OpSource _ops = OpSource.Fresh();

    public DetachedTests() => _eos.AddFilesystem(2);

    private FileInformation Info(string path, uint uid = 0) => Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, path), uid));

    private Errno NoInfo(string path, uint uid = 0) => _eos.Refusal(h => new Inform(h, path), uid);

    private void Confirm(FsId fs, ulong file, DirectoryId directory) =>
        Assert.IsType<FstProtocol.Noted>(_eos.Tell(new FstProtocol.ReplicaDropped(directory, _ops.Next(), fs, [new FileId(file)])));

    private IFinal Admin(string line, uint uid = 0) => line.Split(' ') is var words ? _eos.Do(h => new Administer(h, words[0], words[1], [.. words.Skip(2)], NoOptions), uid) : null!;

    /// <summary>A file with two replicas; its number, and its directory.</summary>
    private (ulong File, DirectoryId Directory) Put(string path, uint uid = 0)
    {
        _eos.Put(path, uid);
        var info = Info(path);
        if (info.File.Content.Locations is [var only])
            _eos.Must(h => new TagPlace(h, path, only == One ? Two : One, DirectoryProtocol.PlaceTag.Add));
        return (info.File.Id.Value, info.Parent);
    }

    [Fact]
    public void A_removed_file_is_found_by_its_number_until_all_its_replicas_are_deleted()
    {
        var (file, directory) = Put("/eos/dev/f");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/f"));
        Assert.Equal(Errno.NoEntry, NoInfo("/eos/dev/f"));
        foreach (var text in (string[])[$"fid:{file}", $"fxid:{file:x8}", $"inode:{file << 28}"])
        {
            var info = Info(text);
            Assert.Equal(("f", true, 3ul), (info.Path, info.IsDetached, info.File.Content.Size));
            Assert.Equal([One, Two], info.Unlinked.ToArray());
            Assert.Empty(info.File.Content.Locations);
        }
        Confirm(One, file, directory);
        Confirm(One, file, directory);
        Assert.Equal([Two], Info($"fid:{file}").Unlinked.ToArray());
        Confirm(Two, file, directory);
        var gone = Assert.IsType<Refused>(_eos.Do(h => new Inform(h, $"fid:{file}")));
        Assert.Equal(Errno.NoEntry, gone.Why);
        Assert.Contains("tombstone", gone.Text, StringComparison.Ordinal);
        Assert.Equal(0, _eos.State(directory).Detached.Count);
    }

    [Fact]
    public void It_is_no_path_for_anything_else_and_counts_nowhere()
    {
        var (file, directory) = Put("/eos/dev/f");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/f"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Stat(h, $"fid:{file}")));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Rename(h, $"fid:{file}", "/eos/dev/g", false)));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new OpenRead(h, $"fid:{file}")));
        Assert.Empty(_eos.Ls("/eos/dev"));
        Assert.Equal((0ul, 0ul), (_eos.State(directory).Counts.Files, _eos.State(directory).Tree.Bytes));
    }

    [Fact]
    public void Its_owner_and_administrators_see_it()
    {
        _eos.Must(h => new ChangeMode(h, "/eos/dev", 0x1ff));
        var (file, _) = Put("/eos/dev/f", 7);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/f"), 7);
        Info($"fid:{file}", 7);
        Info($"fid:{file}", 3);
        Assert.Equal(Errno.AccessDenied, NoInfo($"fid:{file}", 8));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new RemoveFile(h, $"fid:{file}"), 8));
        _eos.Must(h => new RemoveFile(h, $"fid:{file}"), 7);
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveFile(h, $"fid:{file}") { IsForced = true }, 7));
    }

    [Fact]
    public void Removed_again_its_deletion_is_ordered_again_and_by_force_it_is_forgotten()
    {
        var model = DirectoryModel.Begun();
        model.Put("f", 10);
        model.Tell(new DirectoryProtocol.RemoveFile(DirectoryModel.Id, model.Call(), "f"));
        var again = model.Tell(new DropDetached(DirectoryModel.Id, model.Call(), new FileId(10), Forget: false));
        Assert.Equal([One], again.Effects.OfType<Effect.Drop>().Select(d => d.Order.Fs));
        Assert.Empty(again.Events);
        var forget = new DropDetached(DirectoryModel.Id, model.Call(), new FileId(10), Forget: true);
        Assert.Equal([One], model.Tell(forget).Effects.OfType<Effect.Drop>().Select(d => d.Order.Fs));
        Assert.Equal((0, 0), (model.State.Detached.Count, model.State.Unlinked.Count));
        Assert.IsType<DirectoryProtocol.Done>(model.Tell(forget).Reply);
        Assert.Equal(Errno.NoEntry, model.Ask<DirectoryProtocol.Refused>(new DropDetached(DirectoryModel.Id, model.Call(), new FileId(10), Forget: false)).Why);
    }

    [Fact]
    public void By_force_it_goes_through_the_gateway_too()
    {
        var (file, _) = Put("/eos/dev/f");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/f"));
        _eos.Must(h => new RemoveFile(h, $"fxid:{file:x8}"));
        Info($"fid:{file}");
        _eos.Must(h => new RemoveFile(h, $"fxid:{file:x8}") { IsForced = true });
        Assert.Equal(Errno.NoEntry, NoInfo($"fid:{file}"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new RemoveFile(h, $"fxid:{file:x8}")));
    }

    [Fact]
    public void A_directory_that_was_removed_itself_answers_for_its_files()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        var (file, directory) = Put("/eos/dev/d/f");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"));
        _eos.Must(h => new RemoveDirectory(h, "/eos/dev/d"));
        Assert.Equal(Life.Gone, _eos.State(directory).Life);
        Assert.True(Info($"fid:{file}").IsDetached);
        _eos.Must(h => new RemoveFile(h, $"fid:{file}"));
        Confirm(One, file, directory);
        _eos.Must(h => new RemoveFile(h, $"fid:{file}") { IsForced = true });
        Assert.Equal(Errno.NoEntry, NoInfo($"fid:{file}"));
    }

    [Fact]
    public void What_is_replaced_is_detached_and_what_has_moved_is_not()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        var (old, directory) = Put("/eos/dev/f");
        var (young, _) = Put("/eos/dev/f");
        Assert.True(Info($"fid:{old}").IsDetached);
        _eos.Must(h => new Rename(h, "/eos/dev/f", "/eos/dev/d/g", false));
        Assert.Equal("/eos/dev/d/g", Info($"fid:{young}").Path);
        var (other, _) = Put("/eos/dev/h");
        _eos.Must(h => new Rename(h, "/eos/dev/h", "/eos/dev/d/g", true));
        Assert.Equal(("g", true), (Info($"fid:{young}").Path, Info($"fid:{young}").IsDetached));
        Assert.Equal("/eos/dev/d/g", Info($"fid:{other}").Path);
        Assert.Equal(1, _eos.State(directory).Detached.Count);
    }

    [Fact]
    public void A_replica_that_a_file_has_given_up_shows_until_it_is_deleted()
    {
        var (file, directory) = Put("/eos/dev/f");
        _eos.Must(h => new DropReplica(h, "/eos/dev/f", Two));
        var info = Info("/eos/dev/f");
        Assert.Equal([One], info.File.Content.Locations.ToArray());
        Assert.Equal([Two], info.Unlinked.ToArray());
        Assert.False(info.IsDetached);
        _eos.Do(h => new Find(h, "/eos/dev", "", FindQuery.Everything with { Detail = FindDetail.Records, Directories = false }));
        Assert.Equal([Two], Assert.Single(_eos.Parts.SelectMany(p => p.Rows)).Unlinked.ToArray());
        Confirm(Two, file, directory);
        Assert.Empty(Info("/eos/dev/f").Unlinked);
    }

    [Fact]
    public void Deletions_that_wait_go_with_the_file_so_that_no_new_replica_falls_to_an_old_order()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        var (file, directory) = Put("/eos/dev/f");
        _eos.Must(h => new DropReplica(h, "/eos/dev/f", Two));
        _eos.Must(h => new Rename(h, "/eos/dev/f", "/eos/dev/d/f", false));
        var there = Info("/eos/dev/d/f");
        Assert.Equal([Two], there.Unlinked.ToArray());
        Assert.Empty(_eos.State(directory).Unlinked);
        Assert.Equal([new FileId(file)], _eos.State(there.Parent).Unlinked[Two]);
        Confirm(Two, file, there.Parent);
        Assert.Empty(Info("/eos/dev/d/f").Unlinked);
    }

    [Fact]
    public void The_deletions_of_a_filesystem_are_forgotten_by_root()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        var (first, second, third) = (Put("/eos/dev/f").File, Put("/eos/dev/d/f").File, Put("/eos/dev/g").File);
        foreach (var path in (string[])["/eos/dev/f", "/eos/dev/d/f"]) _eos.Must(h => new RemoveFile(h, path));
        _eos.Must(h => new RemoveDirectory(h, "/eos/dev/d"));
        _eos.Must(h => new DropReplica(h, "/eos/dev/g", One));
        Assert.Equal(Errno.NotPermitted, Assert.IsType<Refused>(Admin("fs dropdeletion 1", 7)).Why);
        foreach (var none in (string[])["9", "none"]) Assert.Equal(Errno.NoEntry, Assert.IsType<Refused>(Admin($"fs dropdeletion {none}")).Why);
        Assert.Equal("success: dropped deletions on fsid=1", Assert.Single(Assert.IsType<Report>(Admin("fs dropdeletion 1")).Lines));
        foreach (var file in (ulong[])[first, second]) Assert.Equal([Two], Info($"fid:{file}").Unlinked.ToArray());
        Assert.Empty(Info($"fid:{third}").Unlinked);
        Admin("fs dropdeletion 2");
        Admin("fs dropdeletion 2");
        foreach (var file in (ulong[])[first, second]) Assert.Equal(Errno.NoEntry, NoInfo($"fid:{file}"));
        Assert.Equal("/eos/dev/g", Info($"fid:{third}").Path);
    }

    [Fact]
    public void Many_records_are_kept_in_pages()
    {
        var model = DirectoryModel.Begun();
        for (var i = 1u; i <= 1000; i++)
        {
            if (i % 500 == 0) model.Now += Outcomes.Keep * 2;
            model.Put("f", i); // in the place of the one before
        }
        model.Tell(new DirectoryProtocol.RemoveFile(DirectoryModel.Id, model.Call(), "f"));
        Assert.Equal(1000, model.State.Detached.Count);
        Assert.InRange(model.State.Detached.Pages.Count, 4, 8);
        model.Tell(new FstProtocol.ReplicaDropped(DirectoryModel.Id, model.Call().Op, One, [.. Enumerable.Range(1, 999).Select(i => new FileId((ulong)i))]));
        Assert.Equal("f", model.State.DetachedOf(new FileId(1000))!.Name);
        Assert.Single(model.State.Detached.Pages);
    }
}
