using System.Collections.Immutable;
using Eos.Identity;
using Eos.Instance;
using Eos.Kernel;
using Eos.Services;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Who may run an administrator's command, as in EOS.</summary>
public enum AdminRight
{
    /// <summary>Anybody; what it says or does is decided further on.</summary>
    Everybody = 1,

    /// <summary>uid 0, uid 3 and gid 4 (adm), and sudoers.</summary>
    Administrator = 2,

    /// <summary>uid 0 only.</summary>
    Root = 3,
}

/// <summary>What an administrator's command is decided by.</summary>
public sealed record AdminFacts(Administer Request, VirtualIdentity Who, InstanceState Instance, ViewState View, Instant Now, GatewaySettings Settings)
{
    /// <summary>Users and groups as the node has them that was asked.</summary>
    public UserBook Users { get; init; } = UserBook.Empty;

    /// <summary>Who has asked the node lately.</summary>
    public Func<ImmutableArray<SessionView>> Sessions { get; init; } = () => [];

    /// <summary>How the endpoints of routes are.</summary>
    public EndpointStandings Endpoints { get; init; } = EndpointStandings.None;

    /// <summary>The n-th word, or nothing.</summary>
    public string Word(int index) => index < Request.Arguments.Length ? Request.Arguments[index] : "";

    public bool Has(string option) => Request.Options.ContainsKey(option);

    public string Option(string option) => Request.Options.GetValueOrDefault(option, "");
}

/// <summary>What an administrator's command comes to.</summary>
public abstract record AdminVerdict
{
    public static AdminVerdict Say(params IEnumerable<string> lines) => new Tell([], [.. lines]);

    public static AdminVerdict Rows(IEnumerable<AdminRecord> records, IEnumerable<string>? lines = null) => new Tell([.. records], [.. lines ?? []]);

    public static AdminVerdict Refuse(Errno why, string text) => new No(new Refusal(why, text));

    /// <summary>Change the configuration, then say so. The rule is pure and is asked about the newest state.</summary>
    public static AdminVerdict Change(Func<InstanceState, Revision> revise, params IEnumerable<string> lines) => new Alter(revise, [.. lines]);

    /// <summary>Read rows beside the configuration first, below a prefix (<see cref="InstanceRows"/>).</summary>
    public static AdminVerdict Look(string prefix, Func<ImmutableSortedDictionary<string, string>, AdminVerdict> decide) => new Read(prefix, decide);

    /// <summary>Ask the actor of that name on every node, then decide by what came in time.</summary>
    /// <param name="enough">With such an answer no other is waited for; null: all are.</param>
    public static AdminVerdict AskNodes(string actor, object message, Func<ImmutableArray<INodeReply>, AdminVerdict> decide, Func<INodeReply, bool>? enough = null) =>
        new Survey(actor, message, decide, enough);

    /// <summary>Ask this node's gateway, whose answer it is.</summary>
    internal static AdminVerdict Here(GatewaySignals.IWish wish) => new Inquire(wish);

    /// <summary>It takes steps: the routine answers <see cref="Report"/> or refuses.</summary>
    public static AdminVerdict Run(Func<RoutineFacts, Routine> routine) => new Go(routine);

    public sealed record Tell(ImmutableArray<AdminRecord> Records, ImmutableArray<string> Lines) : AdminVerdict;
    public sealed record No(Refusal Why) : AdminVerdict;
    public sealed record Alter(Func<InstanceState, Revision> Revise, ImmutableArray<string> Lines) : AdminVerdict;
    public sealed record Read(string Prefix, Func<ImmutableSortedDictionary<string, string>, AdminVerdict> Decide) : AdminVerdict;
    public sealed record Survey(string Actor, object Message, Func<ImmutableArray<INodeReply>, AdminVerdict> Decide, Func<INodeReply, bool>? Enough) : AdminVerdict;
    internal sealed record Inquire(GatewaySignals.IWish Wish) : AdminVerdict;
    public sealed record Go(Func<RoutineFacts, Routine> Routine) : AdminVerdict;
}

/// <summary>One row of the table: what may be asked, by whom, and the pure rule that decides it.</summary>
/// <param name="Verb">Empty: the noun alone.</param>
public sealed record AdminVerb(string Noun, string Verb, AdminRight Right, Func<AdminFacts, AdminVerdict> Decide);
