using System.Collections.Immutable;
using Eos.Master;
using Xunit;

namespace Eos.Tests.Simulation;

/// <summary>
/// Nodes that start, die, pause and lose answers while they form a cluster, over a store that is linearizable as the Raft group is. After every step at most one cluster has
/// members that serve; when the trouble ends, everyone is in one.
/// </summary>
public sealed class FormationSimulation
{
    [Theory]
    [InlineData(1, 400, 2)]
    [InlineData(2, 400, 3)]
    [InlineData(3, 200, 5)]
    public void Nodes_become_one_cluster_whatever_dies_on_the_way(int firstSeed, int seeds, int nodes)
    {
        for (var seed = firstSeed * 10_000; seed < firstSeed * 10_000 + seeds; seed++) new World(seed, nodes).Run();
    }

    /// <summary>One pair does not hear each other: one of the two stays out, the same for as long as the cut lasts; all are in when it is over.</summary>
    [Theory]
    [InlineData(4, 40, 3)]
    [InlineData(5, 20, 5)]
    public void Of_two_members_that_do_not_hear_each_other_one_stays_out(int firstSeed, int seeds, int nodes)
    {
        for (var seed = firstSeed * 10_000; seed < firstSeed * 10_000 + seeds; seed++) new World(seed, nodes).RunCut();
    }

    private sealed class World(int seed, int nodes)
    {
        private static readonly TimeSpan Session = TimeSpan.FromSeconds(3);
        private static readonly FormationSettings Settings = new(Session, default, default, TimeSpan.FromSeconds(10), default, default, 3, default);
        private readonly Random _random = new(seed);
        private readonly Dictionary<Incarnation, TimeSpan> _sessions = [];
        private readonly Node?[] _nodes = new Node?[nodes];
        private ImmutableSortedDictionary<string, string> _configuration = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        private (ulong Token, Incarnation Holder, TimeSpan Until) _seedLease;
        private ulong _version = 1;
        private ulong _index = 1;
        private TimeSpan _now = TimeSpan.FromHours(1);
        private int _uid;
        private (int, int)? _cut;

        /// <summary>One incarnation. <see cref="Engine"/>: the engine's cluster that admitted it; each is told by its founder.</summary>
        private sealed class Node(Incarnation self)
        {
            public readonly Enrolment Self = new(self, 0, "mgm", "n");
            public FormationState State = FormationState.Start;
            public Contacts Contacts = Contacts.None;
            public readonly Queue<FormationInput> Inbox = new();

            /// <summary>What it has read of the store and not yet acted on: others may write meanwhile.</summary>
            public (ClusterRoll Roll, ImmutableHashSet<Incarnation> Sessions)? Seen;
            public HashSet<Incarnation>? Engine;
            public ImmutableArray<string> Asking = [];
            public bool Up;
            public bool Serves;
            public bool IsPaused;
        }

        public void Run()
        {
            for (var i = 0; i < 600; i++)
            {
                Disturb();
                Turn();
                Check();
            }
            foreach (var node in _nodes) if (node is not null) node.IsPaused = false;
            for (var i = 0; i < _nodes.Length; i++) if (_nodes[i] is null) Start(i);
            for (var i = 0; i < 3000 && !AllServe(); i++)
            {
                Turn(faults: false);
                Check();
            }
            Assert.True(AllServe(), $"seed {seed}: not all serve: {string.Join("; ", _nodes.Select(n => $"{n?.Self.Node} {n?.State.Phase} {n?.State.Cluster}"))}");
        }

        public void RunCut()
        {
            for (var i = 0; i < nodes; i++) Start(i);
            Assert.True(Until(() => AllServe()), $"seed {seed}: not all serve at first");
            var (a, b) = (_random.Next(nodes), _random.Next(nodes - 1));
            if (b >= a) b++;
            var (first, second) = (_nodes[a], _nodes[b]);
            _cut = (a, b);
            Assert.True(Until(() => _nodes.Count(n => n is { Serves: true }) == nodes - 1), $"seed {seed}: nobody goes");
            var stays = _nodes[a] == first ? first : second;
            Assert.False(_nodes[a] == first && _nodes[b] == second);
            for (var i = 0; i < 1000; i++)
            {
                Turn(faults: true, i % nodes);
                Check();
                Assert.True(_nodes.Count(n => n is { Serves: true }) == nodes - 1 && _nodes.Contains(stays), $"seed {seed}: another one goes, or the one that went is back");
            }
            _cut = null;
            Assert.True(Until(AllServe), $"seed {seed}: not all serve after the cut");
        }

        private bool Until(Func<bool> reached)
        {
            for (var i = 0; i < 3000 && !reached(); i++)
            {
                Turn(faults: false, i % nodes);
                Check();
            }
            return reached();
        }

        private bool AllServe() => _nodes.All(n => n is { Serves: true });

        private void Disturb()
        {
            var i = _random.Next(nodes);
            switch (_random.Next(60))
            {
                case 0 or 1: _nodes[i] = null; break;   // kill -9
                case 2: if (_nodes[i] is { } p) p.IsPaused = !p.IsPaused; break;
                case 3 when _random.Next(4) == 0: Array.Clear(_nodes); break;
                case < 12: if (_nodes[i] is null) Start(i); break;
            }
        }

        private void Start(int i)
        {
            var self = new Incarnation($"n{i}:1", ++_uid);
            foreach (var former in _sessions.Keys.Where(k => FormationRules.IsFormer(k, self)).ToList()) _sessions.Remove(former);
            _sessions[self] = _now + Session;
            _nodes[i] = new Node(self);
        }

        private void Turn(bool faults = true, int? who = null)
        {
            _now += TimeSpan.FromMilliseconds(_random.Next(100));
            var i = who ?? _random.Next(nodes);
            if (_nodes[i] is not { IsPaused: false } node) return;
            if (!(_sessions.TryGetValue(node.Self.Node, out var until) && until > _now))
            {
                Start(i);   // it lost its session: it ends, and the next incarnation begins
                return;
            }
            _sessions[node.Self.Node] = _now + Session;
            Advance(node);
            if (node.Inbox.Count == 0)
            {
                var isOnItsWay = node.Seen is null && _random.Next(3) == 0;
                node.Seen ??= (ClusterRoll.Of(_version, _configuration), [.. _sessions.Where(s => s.Value > _now).Select(s => s.Key)]);
                if (isOnItsWay) return;
                node.Inbox.Enqueue(Look(node));
                node.Seen = null;
            }
            var (state, effects) = FormationRules.Next(node.State, node.Inbox.Dequeue(), node.Self, _now, Settings);
            node.State = state;
            foreach (var effect in effects) if (!Perform(i, node, effect, faults && _random.Next(10) == 0)) return;
        }

        private FormationInput.Looked Look(Node node) => new(
            node.Seen!.Value.Roll,
            node.Seen.Value.Sessions,
            node.Up ? Admission.Up : node.Engine is null ? Admission.None : Admission.Welcomed,
            node.Engine is null ? [] : [.. node.Engine.Where(m => m != node.Self.Node)],
            See(node),
            null);

        /// <summary>Whoever runs and is not cut off answers before the next look; a node asks all that it knows.</summary>
        private LinksSeen See(Node node)
        {
            var roll = ClusterRoll.Of(_version, _configuration);
            var living = _sessions.Where(s => s.Value > _now).Select(s => s.Key).ToHashSet();
            Incarnation[] asked = [.. roll.Living(living).Select(m => m.Node).Concat(node.Engine ?? []).Where(m => m != node.Self.Node && living.Contains(m)).Distinct()];
            var seen = new LinksSeen(
                [.. node.Contacts.Places.Keys.Where(place => node.Contacts.Answers(place, Settings.CutLooks))],
                [.. asked.Where(m => (node.Engine?.Contains(m) ?? false) && node.Contacts.IsSilent(m.Place, Settings.CutLooks))]);
            node.Contacts = node.Contacts.Ask(asked.Select(m => m.Place).Distinct());
            foreach (var place in node.Contacts.Places.Keys.Where(place => Hears(node, place))) node.Contacts = node.Contacts.Hear(place);
            return seen;
        }

        private bool Hears(Node node, string place)
        {
            var (from, to) = (Array.IndexOf(_nodes, node), Array.FindIndex(_nodes, n => n is { IsPaused: false } && n.Self.Node.Place == place));
            return to >= 0 && _cut != (from, to) && _cut != (to, from);
        }

        private bool Perform(int i, Node node, FormationEffect effect, bool isAnswerLost)
        {
            switch (effect)
            {
                case FormationEffect.Contend:
                    if (_seedLease.Until <= _now || _seedLease.Holder == node.Self.Node)
                        _seedLease = (_seedLease.Until > _now ? _seedLease.Token : ++_index, node.Self.Node, _now + Session);
                    Answer(_seedLease.Holder == node.Self.Node ? new FormationInput.Granted(_seedLease.Token) : new FormationInput.Held());
                    return true;
                case FormationEffect.Write x:
                    var isFenced = x.Token is { } token && (_seedLease.Token != token || _seedLease.Until <= _now);
                    if (x.IfVersion != _version || isFenced)
                    {
                        Answer(new FormationInput.NotWritten());
                        return true;
                    }
                    foreach (var (key, value) in x.Changes) _configuration = value is null ? _configuration.Remove(key) : _configuration.SetItem(key, value);
                    _version = ++_index;
                    Answer(new FormationInput.Written());
                    return true;
                case FormationEffect.GiveBack x:
                    if (_seedLease.Token == x.Token) _seedLease = default;
                    return true;
                case FormationEffect.JoinSelf:
                    if (node.Engine is null) (node.Engine, node.Asking) = ([node.Self.Node], []);
                    return true;
                case FormationEffect.Join x:
                    node.Asking = x.Places;
                    return true;
                case FormationEffect.Await:
                    return true;
                case FormationEffect.Serve:
                    node.Serves = true;
                    return true;
                default:
                    Start(i);
                    return false;
            }

            void Answer(FormationInput answer) => node.Inbox.Enqueue(isAnswerLost ? new FormationInput.Unknown() : answer);
        }

        /// <summary>The engine: whoever was asked admits, also late; a welcomed node is up once all members without a session are downed.</summary>
        private void Advance(Node node)
        {
            if (node.Engine is null)
            {
                var admitting = node.Asking.Select(place => _nodes.FirstOrDefault(n => n is { IsPaused: false, Engine: not null } && n.Self.Node.Place == place))
                    .FirstOrDefault(n => n is not null && n != node);
                if (admitting is null || _random.Next(3) > 0) return;
                node.Engine = admitting.Engine!;
                node.Engine.Add(node.Self.Node);
                node.Asking = [];
                return;
            }
            if (node.Up) return;
            node.Engine.RemoveWhere(m => !(_sessions.TryGetValue(m, out var until) && until > _now));
            node.Up = _random.Next(3) == 0;
        }

        private void Check()
        {
            var serving = _nodes.OfType<Node>().Where(n => n.Serves && _sessions.GetValueOrDefault(n.Self.Node) > _now).ToList();
            var engines = serving.Select(n => n.Engine).Distinct().Count();
            Assert.True(engines <= 1, $"seed {seed}: {engines} clusters serve at once");
        }
    }
}
