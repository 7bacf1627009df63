using System.Collections.Immutable;
using Eos.Namespace;
using Eos.Tests.Support;
using Eos.Wire;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Properties;

public class DirectoryProperties
{
    private static readonly Manifest Snapshot = Manifests.Of(typeof(DirectoryState))!;

    private static void ForAllSeeds(Action<Random> law) =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void Replaying_the_journal_gives_the_live_state() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 80; i++) model.Tell(model.Next(random));
        var replayed = model.Journal.Aggregate(DirectoryState.Unborn, (s, e) => s.Apply((IEvent)Recoded(e)));
        Assert.Equal(Snapshot.Encode(model.State), Snapshot.Encode(replayed));
    });

    [Fact]
    public void A_state_restored_from_a_snapshot_goes_on_as_the_live_one() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 40; i++) model.Tell(model.Next(random));
        var restored = (DirectoryState)Recoded(model.State);
        var from = model.Journal.Count;
        for (var i = 0; i < 40; i++) model.Tell(model.Next(random));
        Assert.Equal(Snapshot.Encode(model.State), Snapshot.Encode(model.Journal.Skip(from).Aggregate(restored, (s, e) => s.Apply(e))));
    });

    [Fact]
    public void A_repeated_command_changes_nothing_and_is_answered_alike() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 80; i++)
        {
            var message = model.Next(random);
            var first = model.Tell(message);
            if (message is AskRemoved) continue;
            var second = model.Tell(message);
            if (first.Events.Length == 0) continue;
            Assert.Empty(second.Events);
            Assert.True(Samples.Same(first.Reply, second.Reply) || second.Reply is Gone or Eos.Fst.FstProtocol.CommitRefused, $"{message}: {first.Reply} then {second.Reply}");
        }
    });

    [Fact]
    public void Counts_and_opens_agree_with_the_entries() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 100; i++)
        {
            model.Tell(model.Next(random));
            var s = model.State;
            var files = s.Entries.All.OfType<FileEntry>().ToList();
            Assert.Equal((ulong)files.Count, s.Counts.Files);
            Assert.Equal((ulong)(s.Entries.Count - files.Count), s.Counts.Directories);
            Assert.Equal((ulong)files.Sum(f => (long)f.File.Content.Size), s.Counts.Bytes);
            var usage = files.Select(f => new OwnerUsage(f.File.Owner, Usage.Of(f.File))).Concat(s.Opens.Values.Select(o => new OwnerUsage(o.Owner, Usage.Of(o))));
            Assert.Equal<OwnerUsage>(UsageTable.Sum(usage.Select(u => ImmutableArray.Create(u))), s.Totals.Own);
            Assert.Equal(s.Entries.All.OfType<ChildEntry>().Select(c => c.Id).Order(), s.Totals.Rows.Keys.Order());
            Assert.Equal(s.Opens.Count, s.Current.Count);
            Assert.All(s.Current, c => Assert.Equal(c.Key, s.Opens[c.Value].Name));
            Assert.DoesNotContain(files, f => f.File.Content.Locations.Any(fs => s.Unlinked.GetValueOrDefault(fs)?.Contains(f.File.Id) == true));
        }
    });

    [Fact]
    public void A_removed_file_is_detached_as_long_as_a_filesystem_has_not_confirmed() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 100; i++)
        {
            model.Tell(model.Next(random));
            var s = model.State;
            var living = s.Entries.All.OfType<FileEntry>().Select(f => f.File.Id).ToHashSet();
            var waiting = s.Unlinked.Values.SelectMany(u => u).Distinct().Where(f => !living.Contains(f) && !s.Away.Contains(f));
            var detached = s.Detached.All.OfType<DetachedEntry>().ToList();
            Assert.Equal(waiting.Order(), detached.Select(d => d.File.Id).Where(f => !s.Away.Contains(f)).Order());
            Assert.All(detached, d => Assert.True(d.File.Content.Locations.IsEmpty && !s.UnlinkedOf(d.File.Id).IsEmpty && !living.Contains(d.File.Id) && s.DetachedOf(d.File.Id)!.Name == d.LastName));
        }
        foreach (var (fs, files) in model.State.Unlinked)
        {
            for (var again = 0; again < 2; again++)
                model.Tell(new Eos.Fst.FstProtocol.ReplicaDropped(DirectoryModel.Id, model.Call().Op, fs, [.. files]));
        }
        Assert.Equal((0, 0), (model.State.Detached.Count, model.State.Unlinked.Count));
    });

    [Fact]
    public void Rows_of_the_indexes_equal_what_the_directory_has() => ForAllSeeds(random =>
    {
        var model = DirectoryModel.Begun();
        for (var i = 0; i < 100; i++)
        {
            model.Tell(model.Next(random));
            var expected = new IndexInMemory();
            expected.Apply(DirectoryModel.Id, [.. IndexRules.RowsOf(model.State)]);
            Assert.Equal(expected.All, model.Rows.All);
        }
    });

    [Fact]
    public void Pages_stay_ordered_bounded_and_complete() => ForAllSeeds(random =>
    {
        var pages = EntryPages.Empty;
        var model = new SortedDictionary<string, DirectoryEntry>(NameOrder.Instance);
        for (var i = 0; i < 2000; i++)
        {
            var name = Name(random);
            if (random.Next(100) < (i < 1200 ? 15 : 60))
            {
                pages = pages.Remove(name);
                model.Remove(name);
            }
            else
            {
                var entry = new ChildEntry(name, (DirectoryRecord)Samples.Of(typeof(DirectoryRecord), random));
                pages = pages.Set(entry);
                model[name] = entry;
            }
        }
        Assert.True(Samples.Same(model.Values.ToList(), pages.All.ToList()));
        Assert.Equal(model.Count, pages.Count);
        Assert.All(pages.Pages, p => Assert.InRange(p.Count, 1, EntryPages.MaxEntries));
        Assert.All(pages.Pages, p => Assert.True(p.Weight <= EntryPages.MaxWeight && p.Weight == p.Held.Sum(r => r.Length) && p.Count == p.Held.Length));
        Assert.All(model.Keys.Take(50), k => Assert.True(Samples.Same(model[k], pages.Find(k)!)));
        var cursor = Name(random);
        Assert.Equal(model.Keys.Where(n => NameOrder.Instance.Compare(n, cursor) > 0).Take(300), pages.After(cursor, 300).Select(e => e.Name));
    });

    [Fact]
    public void Names_are_ordered_as_the_bytes_of_their_text() => ForAllSeeds(random =>
    {
        var (a, b) = (Name(random), Name(random));
        var bytes = System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b));
        Assert.Equal(Math.Sign(bytes), Math.Sign(NameOrder.Instance.Compare(a, b)));
    });

    private static string Name(Random random) => string.Concat(
        Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) switch
        {
            0 => "\U0001F600",
            1 => "\uE000",
            2 => "é",
            _ => ((char)random.Next('a', 'z')).ToString(),
        })) + random.Next(300);

    private static object Recoded(object message)
    {
        var manifest = Manifests.Of(message.GetType())!;
        return manifest.Decode(manifest.Encode(message));
    }
}
