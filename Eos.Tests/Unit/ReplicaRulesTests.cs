using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Unit;

public class ReplicaRulesTests
{
    private static readonly FsId One = new(1), Two = new(2), Three = new(3);
    private readonly DirectoryModel _directory = DirectoryModel.Begun();
    private ulong _number;

    public ReplicaRulesTests() => _directory.Put("f", 10);

    private FileRecord File(string name = "f") => Assert.IsType<FileEntry>(_directory.State.Entries.Find(name)).File;

    private FstProtocol.AttachReplica Attachment(FsId fs, FsId? replaces = null, string name = "f")
    {
        var file = File(name);
        return new FstProtocol.AttachReplica(
            DirectoryModel.Id, new OpId(DirectoryModel.Client, 5_000_000 + _number++), new FstProtocol.Held(file.Id, file.Open), fs, file.Content.Size, file.Content.Checksum, name, replaces);
    }

    private Errno Refused(FstProtocol.AttachReplica message) => _directory.Ask<FstProtocol.CommitRefused>(message).Why;

    private void MustReplay()
    {
        var again = _directory.Journal.Aggregate(DirectoryState.Unborn, (s, e) => s.Apply(e));
        Assert.True(Samples.Same(_directory.State, again));
    }

    [Fact]
    public void A_replica_that_was_made_becomes_a_place_of_the_file_once()
    {
        var message = Attachment(Two);
        _directory.Ask<FstProtocol.Committed>(message);
        _directory.Ask<FstProtocol.Committed>(message);
        Assert.Equal([One, Two], File().Content.Locations.ToArray());
        Assert.Equal(1, _directory.Journal.Count(e => e is ReplicaAttached));
        MustReplay();
    }

    [Fact]
    public void What_a_replica_has_counts_when_an_administrator_says_so()
    {
        var file = File();
        var correction = new FstProtocol.CorrectFile(
            DirectoryModel.Id, new OpId(DirectoryModel.Client, 5_900_000), new FstProtocol.Held(file.Id, file.Open), One, "f", 12, new Checksum(ChecksumType.Adler32, "12345678"));
        _directory.Ask<FstProtocol.Committed>(correction);
        _directory.Ask<FstProtocol.Committed>(correction);
        Assert.Equal((12ul, "12345678", file.Open), (File().Content.Size, File().Content.Checksum.Hex, File().Open));
        Assert.Equal(12ul, _directory.State.Counts.Bytes);
        Assert.Equal(1, _directory.Journal.Count(e => e is ContentCorrected));
        Assert.Equal(Errno.NoEntry, _directory.Ask<FstProtocol.CommitRefused>(correction with { Fs = Two }).Why);
        Assert.Equal(Errno.NoEntry, _directory.Ask<FstProtocol.CommitRefused>(correction with { Replica = correction.Replica with { File = new FileId(99_999) } }).Why);
        MustReplay();
    }

    [Fact]
    public void A_lost_place_is_given_up_in_the_same_moment_and_its_bytes_go_when_they_can()
    {
        var decision = _directory.Tell(Attachment(Two, replaces: One));
        Assert.Equal([Two], File().Content.Locations.ToArray());
        Assert.Equal(One, Assert.IsType<Effect.Drop>(Assert.Single(decision.Effects)).Order.Fs);
        Assert.Contains(new FileId(10), _directory.State.Unlinked[One]);
        MustReplay();
    }

    [Fact]
    public void Bytes_of_a_file_that_is_gone_or_has_others_now_are_not_attached()
    {
        var message = Attachment(Two);
        Assert.Equal(Errno.Invalid, Refused(message with { Size = 99 }));
        _directory.Put("f", 11);
        Assert.Equal(Errno.NoEntry, Refused(message));
        var newer = Attachment(Two);
        _directory.Ask<Done>(new RemoveFile(DirectoryModel.Id, _directory.Call(), "f"));
        Assert.Equal(Errno.NoEntry, Refused(newer));
    }

    [Fact]
    public void A_file_is_found_after_it_was_renamed()
    {
        var message = Attachment(Two);
        _directory.Ask<Done>(new DirectoryProtocol.Rename(DirectoryModel.Id, _directory.Call(), "f", "g", false));
        _directory.Ask<FstProtocol.Committed>(message);
        Assert.Equal(2, File("g").Content.Locations.Length);
        MustReplay();
    }

    [Fact]
    public void A_place_that_was_given_up_takes_no_new_replica_until_the_old_one_is_deleted()
    {
        _directory.Ask<FstProtocol.Committed>(Attachment(Two));
        _directory.Ask<Done>(new DropReplica(DirectoryModel.Id, _directory.Call(), "f", Two));
        Assert.Equal(Errno.Busy, Refused(Attachment(Two)));
        _directory.Ask<FstProtocol.Noted>(new FstProtocol.ReplicaDropped(DirectoryModel.Id, new OpId(DirectoryModel.Client, 9_000_000), Two, [new FileId(10)]));
        _directory.Ask<FstProtocol.Committed>(Attachment(Two));
        MustReplay();
    }

    [Fact]
    public void Only_root_drops_replicas_and_never_the_last()
    {
        _directory.Ask<FstProtocol.Committed>(Attachment(Two));
        Assert.Equal(Errno.NotPermitted, _directory.Ask<Refused>(new DropReplica(DirectoryModel.Id, _directory.Call(new Caller(7, 7)), "f", Two)).Why);
        Assert.Equal(Errno.NoEntry, _directory.Ask<Refused>(new DropReplica(DirectoryModel.Id, _directory.Call(), "f", Three)).Why);
        Assert.Equal(Errno.NoEntry, _directory.Ask<Refused>(new DropReplica(DirectoryModel.Id, _directory.Call(), "none", Two)).Why);
        var drop = new DropReplica(DirectoryModel.Id, _directory.Call(), "f", One);
        _directory.Ask<Done>(drop);
        _directory.Ask<Done>(drop);
        Assert.Equal([Two], File().Content.Locations.ToArray());
        Assert.Equal(Errno.Busy, _directory.Ask<Refused>(new DropReplica(DirectoryModel.Id, _directory.Call(), "f", Two)).Why);
        MustReplay();
    }

    [Fact]
    public void Removing_a_file_lets_the_bytes_of_all_its_places_go()
    {
        _directory.Ask<FstProtocol.Committed>(Attachment(Two));
        var decision = _directory.Tell(new RemoveFile(DirectoryModel.Id, _directory.Call(), "f"));
        Assert.Equal([One, Two], decision.Effects.Cast<Effect.Drop>().Select(d => d.Order.Fs));
        Assert.Equal([One, Two], _directory.State.Unlinked.Keys);
    }

    [Fact]
    public void A_commit_that_lacks_a_replica_is_refused()
    {
        var plan = DirectoryModel.Plan(20) with { Locations = [One, Two] };
        var open = _directory.Ask<FileOpened>(new OpenFile(DirectoryModel.Id, _directory.Call(), "two", true, plan)).Open;
        Assert.Equal(Errno.Invalid, _directory.Ask<FstProtocol.CommitRefused>(_directory.CommitOf(open)).Why);
        _directory.Ask<FstProtocol.Committed>(_directory.CommitOf(open) with { Locations = [Two, One] });
    }
}
