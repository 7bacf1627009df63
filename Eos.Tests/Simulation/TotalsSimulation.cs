using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.TotalsProtocol;

namespace Eos.Tests.Simulation;

/// <summary>A tree of directories that changes at random, while what they tell each other about amounts is lost, doubled and late, and they crash and fall asleep.</summary>
public sealed class TotalsSimulation
{
    private static readonly TotalsSettings Settings = DirectoryModel.Settings.Totals;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Totals_equal_a_recount_when_all_is_quiet(int part)
    {
        for (var seed = part * 1000; seed < part * 1000 + 40; seed++)
        {
            var world = new World(seed);
            world.Run(changes: 150, isRough: true);
            world.Quieten();
            world.Check();
        }
    }

    /// <summary>A busy tree costs a directory one event an interval for all its children, and one report.</summary>
    [Fact]
    public void A_busy_tree_costs_each_directory_an_event_and_a_report_an_interval()
    {
        var world = new World(7);
        world.Grow(width: 200);
        var (events, reports) = (world.Heard(DirectoryId.Root), world.Reports);
        var begun = world.Now;
        for (var i = 0; i < 2000; i++) world.PutSomewhere();
        var intervals = (world.Now - begun) / Settings.Interval + 2;
        Assert.InRange(world.Heard(DirectoryId.Root) - events, 1, intervals);
        Assert.InRange(world.Reports - reports, 1, 200 * intervals);
        world.Quieten();
        world.Check();
        Assert.Equal(0, world.Timers); // who is idle and acknowledged has nothing to do
    }

    private sealed class World
    {
        private readonly Random _random;
        private readonly Dictionary<DirectoryId, (DirectoryState State, TotalsDesk Desk, bool IsAwake, Instant? Due)> _directories = [];
        private readonly List<(IForDirectory Message, Instant Due)> _under = [];
        private readonly Dictionary<DirectoryId, int> _heard = [];
        private bool _isRough;
        private ulong _number;

        public World(int seed)
        {
            _random = new Random(seed);
            Decide(new Begin(DirectoryId.Root, Call(), new DirectoryRecord(
                DirectoryId.Root, default, default, 0x5ff, Times.At(Now), ImmutableSortedDictionary<string, string>.Empty.Add(DirectoryState.Propagation, "1"))));
        }

        public Instant Now { get; private set; } = new(1_700_000_000_000_000_000);
        public int Reports { get; private set; }
        public int Timers => _directories.Values.Count(d => d.IsAwake && TotalsRules.Wait(d.Desk, d.State, Settings, Now) is not null);

        public int Heard(DirectoryId id) => _heard.GetValueOrDefault(id);

        public void Run(int changes, bool isRough)
        {
            _isRough = isRough;
            for (var i = 0; i < changes; i++)
            {
                Change();
                Pass(TimeSpan.FromMilliseconds(_random.Next(400)));
                if (isRough && _random.Next(6) == 0) Crash();
            }
            _isRough = false;
        }

        public void Grow(int width)
        {
            for (var i = 0; i < width; i++) MakeChild(DirectoryId.Root);
            Quieten();
        }

        public void PutSomewhere()
        {
            Put(Live().Skip(1).ElementAt(_random.Next(_directories.Count - 1)));
            Pass(TimeSpan.FromMilliseconds(5));
        }

        /// <summary>No change any more; who owes something and sleeps is woken now and then, as the master does it.</summary>
        public void Quieten()
        {
            for (var i = 0; i < 100; i++)
            {
                foreach (var (id, (state, _, _, _)) in _directories.ToList())
                    if (state.Totals.IsDue) Wake(id);
                Pass(TimeSpan.FromSeconds(3));
            }
        }

        public void Check()
        {
            Assert.All(_directories.Values, d => Assert.False(d.State.Totals.IsDue));
            Recount(DirectoryId.Root);
        }

        private TreeTotals Recount(DirectoryId id)
        {
            var state = _directories[id].State;
            var usage = state.Entries.All.OfType<FileEntry>().Select(f => ImmutableArray.Create(new OwnerUsage(f.File.Owner, Usage.Of(f.File))))
                .Concat(state.Opens.Values.Select(o => ImmutableArray.Create(new OwnerUsage(o.Owner, Usage.Of(o)))));
            var own = new TreeTotals(state.Counts.Files, state.Counts.Directories, state.Counts.Bytes, state.Self!.Times.Modified, UsageTable.Sum(usage));
            var below = state.Entries.All.OfType<ChildEntry>().Select(c => (c.Id, Totals: Recount(c.Id))).ToList();
            var all = new TreeTotals(
                own.Files + (ulong)below.Sum(b => (long)b.Totals.Files),
                own.Directories + (ulong)below.Sum(b => (long)b.Totals.Directories),
                own.Bytes + (ulong)below.Sum(b => (long)b.Totals.Bytes),
                default,
                UsageTable.Sum([own.Usage, .. below.Select(b => b.Totals.Usage)]));
            var tree = state.Tree;
            Assert.Equal((all.Files, all.Directories, all.Bytes), (tree.Files, tree.Directories, tree.Bytes));
            Assert.Equal<OwnerUsage>(all.Usage, tree.Usage);
            Assert.All(below, b => Assert.True(_directories[b.Id].State.TreeModified <= state.TreeModified, "a change was not passed up"));
            Assert.Equal(below.Count, state.Totals.Rows.Count);
            return all;
        }

        private IEnumerable<DirectoryId> Live() => _directories.Where(d => d.Value.State.Life == Life.Live).Select(d => d.Key).Order();

        private void Change()
        {
            var all = Live().ToList();
            var id = all[_random.Next(all.Count)];
            var state = _directories[id].State;
            var entries = state.Entries.All.ToList();
            var entry = entries.Count == 0 ? null : entries[_random.Next(entries.Count)];
            switch (_random.Next(9))
            {
                case 0 when all.Count < 30: MakeChild(id); break;
                case 1 or 2 or 3: Put(id); break;
                case 4: Decide(new OpenFile(id, Call(), $"f{_random.Next(5)}", true, Plan())); break;
                case 5 when entry is FileEntry file: Decide(new RemoveFile(id, Call(), file.Name)); break;
                case 6 when entry is not null: Decide(new Rename(id, Call(), entry.Name, $"r{_random.Next(6)}", true)); break;
                case 7 when entry is ChildEntry child: Remove(id, child); break;
                case 8 when entry is ChildEntry child && _directories[child.Id].State.Life == Life.Live: Move(id, child, all[_random.Next(all.Count)]); break;
            }
        }

        private void MakeChild(DirectoryId parent)
        {
            var child = new DirectoryId((ulong)_directories.Count + 100);
            if (Decide(new MakeChild(parent, Call(), $"d{child}", child, null)) is ChildMade made) Decide(new Begin(child, Call(), made.Seed));
        }

        private void Put(DirectoryId id)
        {
            if (Decide(new OpenFile(id, Call(), $"f{_random.Next(5)}", true, Plan())) is not FileOpened opened) return;
            Decide(new FstProtocol.CommitFile(
                id, Op(), opened.Open.Id, opened.Open.File, (ulong)_random.Next(1000), new Checksum(ChecksumType.Adler32, "0"), opened.Open.Plan.Locations, Now));
        }

        private void Remove(DirectoryId parent, ChildEntry child)
        {
            var call = Call();
            if (Decide(new Seal(child.Id, call)) is not Done) return;
            Decide(new RemoveChild(parent, call, child.Name, child.Id));
            Decide(new Bury(child.Id, call));
        }

        /// <summary>The three directories learn of it one after the other, with time between, and what was said before may arrive after.</summary>
        private void Move(DirectoryId from, ChildEntry child, DirectoryId to)
        {
            for (var above = to; above != default; above = _directories[above].State.Self!.Parent)
                if (above == child.Id) return;
            if (_directories[to].State.Life != Life.Live) return;
            Follow(from, Decision.Accept(new ChildRemoved(Stamp(), child.Name, child.Id), null));
            if (_isRough) Pass(TimeSpan.FromMilliseconds(_random.Next(1500)));
            Follow(to, Decision.Accept(new ChildAdded(Stamp(), $"m{++_number}", child.Seed with { Parent = to }), null));
            if (_isRough) Pass(TimeSpan.FromMilliseconds(_random.Next(1500)));
            Wake(child.Id);
            var (state, desk, _, due) = _directories[child.Id];
            var moved = state with { Self = state.Self! with { Parent = to }, Totals = state.Totals with { Version = state.Totals.Version + 1 } };
            _directories[child.Id] = (moved, desk, true, due);
            if (!moved.Totals.IsDue) Follow(child.Id, Decision.Accept(new TotalsDue(Stamp()), null));
        }

        private Stamp Stamp() => new(Op(), _number, Now);

        private OpenPlan Plan() => new(
            new FileId(++_number), LayoutId.Of(LayoutType.Replica, _random.Next(1, 4), ChecksumType.Adler32), [new FsId(1)], null) { Booking = (ulong)_random.Next(2) * 500 };

        private OpId Op() => new(DirectoryModel.Client, ++_number);

        private Call Call() => new(Op(), _number, new Caller(0, (uint)_random.Next(3)));

        private object? Decide(IForDirectory message)
        {
            Wake(message.Directory);
            var decision = DirectoryRules.Decide(_directories[message.Directory].State, message, new Facts(Now, DirectoryModel.Settings));
            Follow(message.Directory, decision);
            return decision.Reply;
        }

        private void Follow(DirectoryId id, Decision decided)
        {
            var (state, desk, _, due) = _directories[id];
            var decision = TotalsRules.Marked(state, decided, Now);
            foreach (var e in decision.Events)
            {
                if (e is TotalsHeard) _heard[id] = Heard(id) + 1;
                state = state.Apply(e);
            }
            _directories[id] = (state, desk, true, due);
            foreach (var pass in decision.Effects.OfType<Effect.Pass>()) Send(pass.Message);
            Wind(id);
        }

        private void Wind(DirectoryId id)
        {
            var (state, desk, _, due) = _directories[id];
            if (TotalsRules.Wait(desk, state, Settings, Now) is { } wait && !(due <= Now + wait)) _directories[id] = (state, desk, true, Now + wait);
        }

        private void Wake(DirectoryId id)
        {
            var (state, desk, isAwake, _) = _directories.GetValueOrDefault(id, (DirectoryState.Unborn, TotalsDesk.Empty, false, null));
            if (isAwake) return;
            _directories[id] = (state, desk, true, null);
            Wind(id);
        }

        private void Crash()
        {
            var id = _directories.Keys.Order().ElementAt(_random.Next(_directories.Count));
            _directories[id] = (_directories[id].State, TotalsDesk.Empty, false, null);
        }

        private void Send(IForDirectory message)
        {
            if (message is ReportTotals) Reports++;
            for (var copies = !_isRough ? 1 : _random.Next(10) switch { < 3 => 0, < 5 => 2, _ => 1 }; copies > 0; copies--) _under.Add((message, Now + TimeSpan.FromMilliseconds(!_isRough ? 50 : _random.Next(_random.Next(5) == 0 ? 20_000 : 400))));
        }

        /// <summary>Time passes in small steps: messages arrive in any order, those of rough times some much later.</summary>
        private void Pass(TimeSpan time)
        {
            for (var end = Now + time; Now < end; Now += TimeSpan.FromMilliseconds(50))
            {
                foreach (var id in _directories.Where(d => d.Value.IsAwake && d.Value.Due <= Now).Select(d => d.Key).ToList())
                {
                    var (state, desk, _, _) = _directories[id];
                    var (next, decision) = TotalsRules.Turn(desk, state, Settings, Now);
                    _directories[id] = (state, next, true, null);
                    Follow(id, decision);
                }
                for (var i = _under.Count - 1; i >= 0; i--)
                {
                    var (message, due) = _under[i];
                    if (due > Now) continue;
                    _under.RemoveAt(i);
                    Hear(message);
                }
            }
        }

        private void Hear(IForDirectory message)
        {
            Wake(message.Directory);
            var (state, desk, _, due) = _directories[message.Directory];
            var decision = Decision.Nothing;
            if (message is ReportTotals report) (desk, decision) = TotalsRules.Heard(desk, state, report);
            if (message is TotalsKept kept) desk = TotalsRules.Kept(desk, state, kept);
            _directories[message.Directory] = (state, desk, true, due);
            Follow(message.Directory, decision);
        }
    }
}
