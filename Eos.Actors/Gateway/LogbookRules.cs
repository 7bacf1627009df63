using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>How a request is written into the logbook: its word and what it is about.</summary>
public static class LogbookRules
{
    private const int Longest = 1024;

    public static string Of(IRequest request) => $"command={Routes.NameOf(request)}{About(request)}";

    /// <summary>One line, whatever was typed, and no endless one.</summary>
    public static string Plain(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c == '"' ? '\'' : c));
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }

    private static string About(IRequest request) => request switch
    {
        Rename x => Path(x.From) + Target(x.To),
        RenameWithLink x => Path(x.Path) + Target(x.Target),
        MakeLink x => Path(x.Path) + Target(x.Target),
        MakeDirectory x => Path(x.Path),
        RemoveFile x => Path(x.Path),
        RemoveDirectory x => Path(x.Path),
        RemoveTree x => Path(x.Path),
        OpenWrite x => Path(x.Path),
        OpenRead x => Path(x.Path),
        TouchFile x => Path(x.Path),
        TagPlace x => Path(x.Path),
        AdjustReplicas x => Path(x.Path),
        VerifyReplicas x => Path(x.Path),
        CopyReplica x => Path(x.Path),
        ChangeLayout x => Path(x.Path),
        DropReplica x => Path(x.Path),
        IOwnershipRequest x => Path(x.Path),
        FoldAttributes x => Path(x.Path),
        ReadAttributes x => Path(x.Path),
        ReadAcl x => Path(x.Path),
        Find x => Path(x.Path),
        List x => Path(x.Path),
        Stat x => Path(x.Path),
        Inform x => Path(x.Path),
        MoveMaster x => $" node={x.Node}",
        Administer x => $" args=\"{Plain(string.Join(' ', [x.Noun, x.Verb, .. x.Arguments]))}\"",
        _ => "",
    };

    private static string Path(string path) => $" path=\"{Plain(path)}\"";

    private static string Target(string path) => $" target=\"{Plain(path)}\"";
}
