using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Fst.FstProtocol;

namespace Eos.Tests.Unit.Fst;

public class SweepRulesTests
{
    private static readonly FsId Fs = new(1);
    private static readonly Guid Session = new(1, 2, 3, new byte[8]);
    private static readonly SweepSettings Settings = FilesystemCase.Settings.Sweep;
    private static readonly Dictionary<FileId, DirectoryId> Nowhere = [];
    private SweepState _state = SweepState.Empty;
    private Instant _now = new(1_000_000_000_000);

    [Fact]
    public void An_empty_mount_is_swept_at_once()
    {
        Assert.IsType<SweepEffect.ReadFolder>(Assert.Single(Go((_state, []))));
        var effects = Go(SweepRules.OnFolder(_state, null, Settings));
        Assert.Equal(new FilesystemProtocol.SweepCounts(0, 0, 0, 0, 0, 0), Assert.IsType<SweepEffect.Tell>(effects[0]).Message.Counts);
        Assert.IsType<SweepEffect.Stop>(effects[1]);
    }

    [Fact]
    public void What_was_cut_off_goes_at_once_and_the_rest_is_asked_about_by_directory()
    {
        var effects = Found(kept: [Record(1, 7), Record(2, 7), Record(3, 8)], complete: [Record(4, 7), Record(5, 7)], partial: [new Held(new FileId(6), default)], strange: ["x"]);
        Assert.Single(effects.OfType<SweepEffect.Discard>());
        Assert.Single(effects.OfType<SweepEffect.SetAside>());
        var asked = effects.OfType<SweepEffect.Ask>().Select(e => e.Question).ToArray();
        Assert.Equal(Settings.QuestionsInFlight, asked.Length);
        Assert.All(asked, question => Assert.InRange(question.Replicas.Length, 1, Settings.Batch));
        Assert.Equal(2, asked.Select(question => question.Asked).Distinct().Count());
        Assert.Empty(effects.OfType<SweepEffect.ReadFolder>());
    }

    [Fact]
    public void Owned_uploads_are_kept_and_what_nobody_owns_is_dropped_with_notice()
    {
        var question = Found(kept: [Record(2, 7)], complete: [Record(1, 7), Record(3, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        Assert.Equal([new FileId(1), new FileId(3), new FileId(2)], question.Replicas.Select(replica => replica.File));
        var effects = Go(SweepRules.OnOwned(_state, new Owned(question.Asked, question.Directory, [Ownership.Keep, Ownership.Drop, Ownership.Drop]), Fs, Session, Nowhere));
        Assert.Equal([new FileId(1)], effects.OfType<SweepEffect.Keep>().Single().Opens.Select(held => held.File));
        var notice = effects.OfType<SweepEffect.Delete>().Single().Notice;
        Assert.Equal((new DirectoryId(7), Fs), (notice.Directory, notice.Fs));
        Assert.Equal([new FileId(3), new FileId(2)], notice.Files.ToArray());
        Assert.Equal(new FilesystemProtocol.SweepCounts(0, 1, 2, 0, 0, 0), _state.Counts);
    }

    [Fact]
    public void What_its_directory_has_no_memory_of_stays_unless_it_is_an_upload_that_was_given_up()
    {
        var question = Found(kept: [Record(2, 7)], complete: [Record(1, 7), Record(4, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        Assert.Equal([new FileId(1), new FileId(4), new FileId(2)], question.Replicas.Select(replica => replica.File));
        var effects = Go(SweepRules.OnOwned(
            _state, new Owned(question.Asked, question.Directory, [Ownership.Unknown, Ownership.Stranger, Ownership.Unknown]), Fs, Session, Nowhere));
        Assert.Equal([new FileId(1)], effects.OfType<SweepEffect.Delete>().Single().Notice.Files.ToArray());
        Assert.Empty(effects.OfType<SweepEffect.Keep>());
        Assert.Equal(new FilesystemProtocol.SweepCounts(1, 0, 1, 0, 0, 2), _state.Counts);
    }

    [Fact]
    public void A_file_that_was_renamed_away_is_asked_of_the_directory_that_has_it_now()
    {
        var question = Found(kept: [Record(2, 7)], complete: [Record(1, 7), Record(3, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        var answer = new Owned(question.Asked, question.Directory, [Ownership.Unknown, Ownership.Unknown, Ownership.Unknown]);
        Assert.Equal([new FileId(1), new FileId(3), new FileId(2)], SweepRules.Unsure(_state, answer).ToArray());
        var now = new Dictionary<FileId, DirectoryId> { [new FileId(1)] = new(9), [new FileId(2)] = new(9) };
        var effects = Go(SweepRules.OnOwned(_state, answer, Fs, Session, now));
        Assert.Equal([new FileId(3)], effects.OfType<SweepEffect.Delete>().Single().Notice.Files.ToArray());
        var asked = effects.OfType<SweepEffect.Ask>().Select(e => e.Question).ToArray();
        Assert.All(asked, q => Assert.Equal(new DirectoryId(9), q.Directory));
        Assert.Equal([new FileId(1), new FileId(2)], asked.SelectMany(q => q.Replicas).Select(r => r.File).Order());
        var first = asked.Single(q => q.Replicas[0].File == new FileId(1));
        Assert.Single(Go(SweepRules.OnOwned(_state, new Owned(first.Asked, first.Directory, [Ownership.Keep]), Fs, Session, Nowhere)).OfType<SweepEffect.Keep>());
    }

    [Fact]
    public void A_file_that_the_index_has_where_the_directory_knows_nothing_of_it_stays()
    {
        var question = Found(complete: [Record(1, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        var here = new Dictionary<FileId, DirectoryId> { [new FileId(1)] = question.Directory };
        Assert.Empty(Go(SweepRules.OnOwned(_state, new Owned(question.Asked, question.Directory, [Ownership.Unknown]), Fs, Session, here)).Where(e => e is SweepEffect.Delete or SweepEffect.Ask));
        Assert.Equal(1ul, _state.Counts.Unclaimed);
    }

    [Fact]
    public void A_replica_that_is_owned_stays_without_a_word()
    {
        var question = Found(kept: [Record(2, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        Assert.Empty(Go(SweepRules.OnOwned(_state, new Owned(question.Asked, question.Directory, [Ownership.Keep]), Fs, Session, Nowhere)));
        Assert.Equal(1ul, _state.Counts.Replicas);
    }

    [Fact]
    public void An_open_that_may_still_be_committed_is_abandoned_and_asked_about_again_after_the_end()
    {
        var question = Found(complete: [Record(1, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        var abandoned = Go(SweepRules.OnOwned(_state, new Owned(question.Asked, question.Directory, [Ownership.Wait]), Fs, Session, Nowhere)).OfType<SweepEffect.Abandon>().Single().Open;
        Assert.Equal((question.Directory, question.Replicas[0].Open, new FileId(1)), (abandoned.Directory, abandoned.Open, abandoned.File));
        var end = Go(SweepRules.OnFolder(_state, null, Settings));
        Assert.IsType<SweepEffect.Tell>(Assert.Single(end));
        _now += TimeSpan.FromSeconds(5);
        var again = Go(SweepRules.OnTick(_state, Fs, _now, Settings)).OfType<SweepEffect.Ask>().Single().Question;
        Assert.NotEqual(question.Asked, again.Asked);
        var last = Go(SweepRules.OnOwned(_state, new Owned(again.Asked, again.Directory, [Ownership.Drop]), Fs, Session, Nowhere));
        Assert.Single(last.OfType<SweepEffect.Delete>());
        Assert.Single(last.OfType<SweepEffect.Stop>());
        Assert.Empty(last.OfType<SweepEffect.Tell>());
    }

    [Fact]
    public void Silence_repeats_the_question_and_deletes_nothing()
    {
        var question = Found(complete: [Record(1, 7)]).OfType<SweepEffect.Ask>().Single().Question;
        Assert.Empty(Go(SweepRules.OnTick(_state, Fs, _now, Settings)).OfType<SweepEffect.Ask>());
        _now += TimeSpan.FromSeconds(5);
        var repeated = Go(SweepRules.OnTick(_state, Fs, _now, Settings)).OfType<SweepEffect.Ask>().Single().Question;
        Assert.Equal(question.Asked, repeated.Asked);
        Assert.Empty(Go(SweepRules.OnOwned(_state, new Owned(question.Asked, question.Directory, []), Fs, Session, Nowhere)).Where(e => e is SweepEffect.Delete));
        Assert.Empty(Go(SweepRules.OnOwned(_state, new Owned(new OpId(Session, 999), question.Directory, [Ownership.Drop]), Fs, Session, Nowhere)).Where(e => e is SweepEffect.Delete));
    }

    private ImmutableArray<SweepEffect> Found(ReplicaRecord[]? kept = null, ReplicaRecord[]? complete = null, Held[]? partial = null, string[]? strange = null)
    {
        Go((_state, []));
        return Go(SweepRules.OnFolder(_state, new FoundFolder(kept ?? [], complete ?? [], partial ?? [], strange ?? []), Settings));
    }

    private ImmutableArray<SweepEffect> Go((SweepState State, ImmutableArray<SweepEffect> Effects) step)
    {
        (_state, var more) = SweepRules.GoOn(step.State, Fs, Session, _now, Settings);
        return step.Effects.AddRange(more);
    }

    private static ReplicaRecord Record(ulong file, ulong directory) =>
        FilesystemCase.Record(FilesystemCase.Capability(file)) with { Directory = new DirectoryId(directory) };
}
