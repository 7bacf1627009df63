using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Properties;

/// <summary>Two directories that crash between any two events and lose, repeat and delay any message: a file is in one place all the same.</summary>
public class HandoverProperties
{
    private static readonly DirectoryId Home = new(7);

    private static void ForAllSeeds(Action<Random> law) =>
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { law(new Random(seed)); }));

    [Fact]
    public void A_replaced_file_is_in_exactly_one_place_whatever_is_lost() => ForAllSeeds(random =>
    {
        var world = new World(random);
        for (var i = 0; i < 60; i++)
        {
            world.Step();
            world.CheckFiles();
        }
        world.Quiet();
        world.CheckFiles();
        Assert.Empty(world.State(Home).Outbox);
        Assert.Empty(world.Waiting);
    });

    /// <summary>Directories with their journals, a network, and clients that wait.</summary>
    private sealed class World
    {
        private readonly Random _random;
        private readonly Dictionary<DirectoryId, List<IEvent>> _journals = [];
        private readonly Dictionary<DirectoryId, DirectoryState> _states = [];
        private readonly List<(DirectoryId From, IForDirectory Message)> _network = [];
        private readonly Dictionary<string, FileId> _newest = [];
        private readonly List<FileId> _committed = [];
        private ulong _number;
        private Instant _now = new(1_700_000_000_000_000_000);

        public World(Random random)
        {
            _random = random;
            var record = new DirectoryRecord(Home, DirectoryId.Root, default, 0x5ff, Times.At(_now), ImmutableSortedDictionary<string, string>.Empty);
            Tell(default, new Begin(Home, Call(), record));
        }

        /// <summary>Numbers of files on their way whose commit was not answered.</summary>
        public HashSet<ulong> Waiting { get; } = [];

        public DirectoryState State(DirectoryId id) => _states.GetValueOrDefault(id) ?? DirectoryState.Unborn;

        public void Step()
        {
            _now += TimeSpan.FromSeconds(_random.Next(5));   // nothing is under way longer than answers are remembered
            switch (_random.Next(7))
            {
                case 0 or 1 or 2: Overwrite(); break;
                case 3: foreach (var effect in HandoverRules.Repeat(State(Home)).Effects) Send(Home, effect); break;
                case 4 when _network.Count > 0: _network.RemoveAt(_random.Next(_network.Count)); break;
                case 5: Crash(); break;
                default: Deliver(); break;
            }
        }

        /// <summary>No more faults: everything that is sent arrives.</summary>
        public void Quiet()
        {
            for (var i = 0; i < 100 && (_network.Count > 0 || !State(Home).Outbox.IsEmpty); i++)
            {
                foreach (var effect in HandoverRules.Repeat(State(Home)).Effects) Send(Home, effect);
                while (_network.Count > 0) Deliver();
            }
        }

        public void CheckFiles()
        {
            foreach (var file in _committed)
            {
                var places = _states.Values.Sum(s => s.Entries.All.OfType<FileEntry>().Count(f => f.File.Id == file))
                    + _states.Values.Sum(s => s.Unlinked.Values.Any(u => u.Contains(file)) ? 1 : 0)
                    + State(Home).Outbox.Values.Count(h => h.File.Id == file && !_states.Values.Any(s => s.Entries.All.OfType<FileEntry>().Any(f => f.File.Id == file) || s.Unlinked.Values.Any(u => u.Contains(file))));
                Assert.Equal(1, places);
            }
            foreach (var (name, file) in _newest) Assert.Equal(file, Assert.IsType<FileEntry>(State(Home).Entries.Find(name)).File.Id);
        }

        private void Overwrite()
        {
            var (name, file) = ($"n{_random.Next(2)}", new FileId(1000 + ++_number));
            var plan = DirectoryModel.Plan(file.Value) with { Versions = new VersionPlan(new DirectoryId(1_000_000 + file.Value), _random.Next(1, 4)) };
            var open = Assert.IsType<FileOpened>(Tell(default, new OpenFile(Home, Call(), name, true, plan)).Reply).Open;
            var commit = new Eos.Fst.FstProtocol.CommitFile(
                Home, new OpId(new Guid("00000000-0000-0000-0000-0000000000f1"), ++_number), open.Id, open.File, 3, new Checksum(ChecksumType.Adler32, "024d0127"), [new FsId(1)], _now);
            var decision = Tell(default, commit);
            Assert.IsType<Eos.Fst.FstProtocol.Committed>(decision.Reply);
            if (decision.Until is { } number) Waiting.Add(number);
            _committed.Add(file);
            _newest[name] = file;
            Assert.IsType<Eos.Fst.FstProtocol.Committed>(Tell(default, commit).Reply);   // the server repeats it
        }

        private void Crash()
        {
            var id = _journals.Keys.ElementAt(_random.Next(_journals.Count));
            _states[id] = _journals[id].Aggregate(DirectoryState.Unborn, (s, e) => s.Apply(e));
        }

        private void Deliver()
        {
            if (_network.Count == 0) return;
            var at = _random.Next(_network.Count);
            var (from, message) = _network[at];
            if (_random.Next(4) > 0) _network.RemoveAt(at);   // else it comes once more
            if (Tell(from, message).Reply is not IReply reply || _random.Next(4) == 0) return;
            Follow(from, HandoverRules.Heard(State(from), reply, new Facts(_now, DirectoryModel.Settings)));
        }

        private Decision Tell(DirectoryId from, IForDirectory message) =>
            Follow(message.Directory, DirectoryRules.Decide(State(message.Directory), message, new Facts(_now, DirectoryModel.Settings)));

        private Decision Follow(DirectoryId id, Decision decision)
        {
            foreach (var e in decision.Events)
            {
                _states[id] = State(id).Apply(e);
                if (!_journals.TryGetValue(id, out var journal)) _journals[id] = journal = [];
                journal.Add(e);
            }
            foreach (var effect in decision.Effects) Send(id, effect);
            return decision;
        }

        private void Send(DirectoryId from, Effect effect)
        {
            if (effect is Effect.Tell tell) _network.Add((from, tell.Command));
            if (effect is Effect.Settled settled) Waiting.Remove(settled.Handover);
        }

        private Call Call() => new(new OpId(DirectoryModel.Client, ++_number), 0, Eos.Identity.Caller.Root);
    }
}
