using System.Collections.Immutable;
using Akka.Actor;
using Eos.Fst;
using Eos.Identity;
using Eos.Journal;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Properties;

/// <summary>A directory whose pages come and go, and that dies between any two operations of its stores, against one that is wholly in memory.</summary>
public sealed class PagedDirectoryProperties() : ActorTest(FusedDisk.Config)
{
    private const int Films = 30;

    [Fact]
    public async Task A_directory_that_is_read_page_by_page_and_dies_anywhere_answers_as_one_in_memory()
    {
        var (deaths, reads) = (0, 0);
        var faults = new Collector(Sys);
        Sys.EventStream.Subscribe(faults.Ref, typeof(Akka.Event.Error));
        for (var seed = 0; seed < Films; seed++)
        {
            var film = new Film(Sys, seed);
            try
            {
                await film.Run();
            }
            catch (Exception e)
            {
                var fault = faults.IsEmpty ? "" : (await faults.Next<Akka.Event.Error>()).ToString();
                throw new InvalidOperationException($"film {seed}, step {film.Steps}: {fault} {e.Message}", e);
            }
            (deaths, reads) = (deaths + film.Deaths, reads + film.Reads);
        }
        Assert.True(deaths > 2 * Films && reads > 20 * Films, $"{deaths} deaths, {reads} pages read"); // else the films show nothing
    }

    private sealed class Film : IClock
    {
        private static readonly ImmutableSortedDictionary<string, string> Heavy = ImmutableSortedDictionary<string, string>.Empty.Add("sys.heavy", new string('x', 8_000));
        private static readonly DirectorySettings Settings = new(TimeSpan.FromHours(24), TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), 0x1a4, 1000, 10, TimeSpan.FromHours(1)) { Totals = DirectoryModel.Settings.Totals };

        private readonly Random _random;
        private readonly ActorSystem _system;
        private readonly FusedDisk _disk;
        private readonly FusedPages _pages;
        private readonly DirectoryModel _model = new();
        private readonly List<FstProtocol.CommitFile> _commits = [];
        private Collector _answers;
        private IActorRef _directory = ActorRefs.Nobody;

        public Film(ActorSystem system, int seed)
        {
            (_system, _random) = (system, new Random(seed));
            _disk = new FusedDisk(new Random(seed + 1));
            _disk.In(system);
            _pages = new FusedPages(system);
            _answers = new Collector(system);
        }

        public Instant Now => _model.Now;

        public int Steps { get; private set; }

        public int Deaths { get; private set; }

        public int Reads => _pages.Reads;

        public async Task Run()
        {
            await Start(int.MaxValue);
            var attributes = _random.Next(4) == 0 ? ImmutableSortedDictionary<string, string>.Empty : Heavy;
            await Say(new Begin(DirectoryModel.Id, _model.Call(), new DirectoryRecord(DirectoryModel.Id, DirectoryId.Root, default, 0x5ff, Times.At(Now), attributes)));
            for (Steps = 1; Steps < 120; Steps++)
            {
                _model.Now += TimeSpan.FromSeconds(_random.Next(100));
                if (_random.Next(15) == 0) await Start(Fuse());
                if (_random.Next(10) == 0) await Say([.. Enumerable.Range(0, _random.Next(2, 12)).Select(i => Make($"b{Steps}-{i}"))]);
                else await Say(Next());
                if (_random.Next(8) == 0) await Peek();
            }

            await Start(int.MaxValue);
            await IsWholeAndStoredOnce();
            await End();
        }

        /// <summary>All entries are there, and the store has the pages of the last two manifests and no others.</summary>
        private async Task IsWholeAndStoredOnce()
        {
            for (var after = ""; ;)
            {
                var page = await Say(new ReadPage(DirectoryModel.Id, _model.Call().Op, after, 50)) as Page;
                if (!page!.More) break;
                after = page.Entries[^1].Name;
            }
            for (var i = 0; i < 300 && _disk.Manifests.Count > 0; i++) await Say(new RemoveChild(DirectoryModel.Id, _model.Call(), "none", new DirectoryId(1)), Make($"last-{i:d3}"));
            await Eventually.Is(
                () => Task.FromResult(_disk.Snapshot()),
                seen => seen.Named.SetEquals(seen.Stored), "the stored pages are those that the manifests name");
        }

        private int Fuse() => _random.Next(6) == 0 ? int.MaxValue : _random.Next(1, 50);

        private MakeChild Make(string name) => new(DirectoryModel.Id, _model.Call(), name, new DirectoryId((ulong)_random.Next(1, 1 << 30)), null);

        private IForDirectory Next()
        {
            var (name, other, number) = ($"n{_random.Next(70)}", $"n{_random.Next(70)}", (ulong)_random.Next(1, 1 << 30));
            var opens = _model.State.Opens.Values.OrderBy(o => o.Name, StringComparer.Ordinal).ToList();
            var children = _model.State.Entries.All.OfType<ChildEntry>().ToList();
            var files = _model.State.Entries.All.OfType<FileEntry>().ToList();
            switch (_random.Next(24))
            {
                case 0: return new RemoveChild(DirectoryModel.Id, _model.Call(), name, (_model.State.Entries.Find(name) as ChildEntry)?.Id ?? default);
                case 1: return new RemoveFile(DirectoryModel.Id, _model.Call(), name);
                case 2 or 3: return new DirectoryProtocol.Rename(DirectoryModel.Id, _model.Call(), name, other, _random.Next(2) == 0);
                case 4 or 5: return new OpenFile(DirectoryModel.Id, _model.Call(), name, _random.Next(2) == 0, DirectoryModel.Plan(number));
                case 6 or 7 or 8 when opens.Count > 0:
                    _commits.Add(_model.CommitOf(opens[_random.Next(opens.Count)]));
                    return _commits[^1];
                case 9 when _commits.Count > 0: return _commits[_random.Next(_commits.Count)];
                case 10: return new ReadPage(DirectoryModel.Id, _model.Call().Op, _random.Next(3) == 0 ? "" : name, (uint)_random.Next(1, 300));
                case 11: return new AskRemoved(DirectoryModel.Id, _model.Call(), children.Count > 0 && _random.Next(3) > 0 ? children[_random.Next(children.Count)].Id : new DirectoryId(number), _model.Call().Op);
                case 12:
                    var asked = files.Select(f => f.File.Id).Append(new FileId(number)).OrderBy(_ => _random.Next()).Take(5);
                    return new FstProtocol.WhoOwns(DirectoryModel.Id, _model.Call().Op, new FsId(1), [.. asked.Select(f => new FstProtocol.Held(f, default))]);
                case 15 or 16: return new LookDetached(DirectoryModel.Id, _model.Call().Op, Removed(files, number).FirstOrDefault());
                case 17: return new FstProtocol.ReplicaDropped(DirectoryModel.Id, _model.Call().Op, new FsId(1), [.. Removed(files, number).Take(3)]);
                case 18: return new DropDetached(DirectoryModel.Id, _model.Call(), Removed(files, number).First(), _random.Next(2) == 0);
                case 19: return new RemoveFile(DirectoryModel.Id, _model.Call(), files.Count > 0 ? files[_random.Next(files.Count)].Name : name);
                case 13 or 14: return new Lookup(DirectoryModel.Id, _model.Call().Op, name, null);
                default: return Make(name);
            }
        }

        /// <summary>Files that wait for their deletion, one that does not, and one that never was.</summary>
        private IEnumerable<FileId> Removed(List<FileEntry> files, ulong number) =>
            _model.State.Detached.All.OfType<DetachedEntry>().Select(d => d.File.Id).Concat(files.Take(1).Select(f => f.File.Id)).Append(new FileId(number)).OrderBy(_ => _random.Next());

        /// <summary>What is read where it is stored is what the directory would say, also while it takes a snapshot.</summary>
        private async Task Peek()
        {
            var peek = new Peek(DirectoryModel.Id, _model.Call().Op, _random.Next(3) == 0 ? "" : $"n{_random.Next(70)}", (uint)_random.Next(1, 300));
            var answers = new Collector(_system);
            var persistence = Akka.Persistence.Persistence.Instance.Apply(_system);
            var stores = new SleepStores(persistence.SnapshotStoreFor(""), new LocalEventReader(_system, persistence.JournalFor("")), _pages, TimeSpan.FromSeconds(60));
            var reader = _system.ActorOf(SleepReader.Props(new DirectoryParts(() => ActorRefs.Nobody, ActorRefs.Nobody, Settings, this, () => true), stores));
            reader.Tell(peek, answers.Ref);
            var next = answers.Next<object>();
            if (await Task.WhenAny(next, _disk.Burnt) != next) return;
            var answer = await next;
            Assert.True(Samples.Same(_model.Tell(peek).Reply, answer), $"{peek}: {answer} and not {_model.Tell(peek).Reply}");
            _system.Stop(reader);
        }

        /// <summary>Says these at once, and again after each death; what is answered must be what the one in memory answers.</summary>
        private async Task<object?> Say(params IForDirectory[] messages)
        {
            var expected = messages.Select(m => _model.Tell(m).Reply).ToList();
            object? answer = null;
            for (var answered = 0; answered < messages.Length;)
            {
                foreach (var message in messages.Skip(answered)) _directory.Tell(message, _answers.Ref);
                for (; answered < messages.Length; answered++)
                {
                    var next = _answers.Next<object>();
                    if (await Task.WhenAny(next, _disk.Burnt) != next) break;
                    answer = await next;
                    Assert.True(Samples.Same(expected[answered], answer), $"{messages[answered]}: {answer} and not {expected[answered]}");
                }
                if (answered == messages.Length) break;
                Deaths++;
                await Start(Fuse());
            }
            return answer;
        }

        /// <summary>Nothing of this film reaches the disk of the next one.</summary>
        private async Task End()
        {
            _disk.Restart(0);
            await _directory.GracefulStop(TimeSpan.FromSeconds(60), PoisonPill.Instance);
            var persistence = Akka.Persistence.Persistence.Instance.Apply(_system);
            await persistence.JournalFor("").Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60));
            await persistence.SnapshotStoreFor("").Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60));
        }

        /// <summary>The directory dies, if it lives, and wakes; its stores will burn after so many operations.</summary>
        private async Task Start(int operations)
        {
            _disk.Restart(0);
            if (!_directory.IsNobody()) await _directory.GracefulStop(TimeSpan.FromSeconds(60), PoisonPill.Instance);
            _disk.Restart(operations);
            _answers = new Collector(_system);
            var parts = new DirectoryParts(() => ActorRefs.Nobody, ActorRefs.Nobody, Settings, this, () => true)
            {
                Pages = _pages,
                MostClean = _random.Next(3) switch { 0 => 0, 1 => 150_000, _ => long.MaxValue },
                KeepsRows = false,
            };
            _directory = _system.ActorOf(DirectoryActor.Props(DirectoryModel.Id.ToString(), parts));
        }
    }
}
