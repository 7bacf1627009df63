using Akka.Actor;
using Akka.Configuration;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;
using Question = Eos.Gateway.Question;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Support;

/// <summary>Walks: several questions are under way, and directories answer in any order.</summary>
public sealed partial class NamespaceInMemory
{
    private readonly Whereabouts _whereabouts = new(Whereabouts.UsualShards);

    public GatewaySettings Settings { get; private set; } = SettingsOf("");

    /// <summary>What walks told.</summary>
    public List<TreePart> Parts { get; } = [];

    /// <summary>Chooses whose answer comes next of so many; by default who was asked first.</summary>
    public Func<int, int> Next { get; set; } = _ => 0;

    /// <summary>Happens before each answer in a walk.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>The most questions that were under way at once.</summary>
    public int MostOpen { get; private set; }

    public RoutineFacts Facts => new(Settings, _cache, () => View, this, _ops.Next, c => SignedCapability.Sign(c, Key), 1)
    {
        IsLearning = IsLearning,
        Instance = () => Instance.State,
        Users = () => Users,
        Whereabouts = _whereabouts,
    };

    /// <summary>Other settings of the gateway than usual.</summary>
    public void Configure(string keys) => Settings = SettingsOf(keys);

    /// <summary>Directories are heard from a node.</summary>
    public void LivesOn(int node, Func<DirectoryId, bool> which)
    {
        for (ulong id = 1; id < 5000; id++)
            if (which(new DirectoryId(id))) _whereabouts.Saw(new DirectoryId(id), new Address("akka.tcp", "eos", $"node{node}", 2552));
    }

    /// <summary>Carries out what a walk wants.</summary>
    public void Pursue(IEnumerable<Step> steps)
    {
        var walk = new List<Question>();
        foreach (var step in steps) Follow(step, walk);
    }

    private void Follow(Step step, List<Question> walk)
    {
        switch (step)
        {
            case Step.Send send:
                walk.AddRange(send.Questions);
                MostOpen = Math.Max(MostOpen, walk.Count);
                break;
            case Step.AwaitAny when walk.Count > 0:
                Meanwhile?.Invoke();
                var question = walk[Next(walk.Count)];
                walk.Remove(question);
                if (Tell(question.Message) is DirectoryProtocol.IReply reply and not DirectoryProtocol.Unknown) question.Answer = reply;
                else
                {
                    Now += TimeSpan.FromSeconds(1);
                    walk.Add(question);
                }
                break;
            case Step.Deliver deliver: Parts.Add(deliver.Part); break;
        }
    }

    private static GatewaySettings SettingsOf(string keys) => GatewaySettings.From(
        new Settings(ConfigurationFactory.ParseString($"eos.gateway {{ {keys} }}").WithFallback(Eos.Kernel.Settings.Reference), "eos.gateway"), "dev", TimeSpan.FromSeconds(60));
}
