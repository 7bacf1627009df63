using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`token`: issue one, or show what one says.</summary>
internal static class TokenCommand
{
    public static Command Build(Session session)
    {
        var path = Text("--path", "What it is for: a file, or a directory with a slash at the end; several with ://: between them.");
        var expires = Text("--expires", "Seconds since 1970.");
        var permission = Text("--permission", "Flags of an ACL; rx without it.");
        var owner = Text("--owner", "User that its bearer acts as (root only).");
        var group = Text("--group", "The same for the group.");
        var tree = new Option<bool>("--tree") { Description = "Everything below the directory too." };
        var origins = new Option<string[]>("--origin") { Description = "Where it may be used: host#name#protocol, regular expressions." };
        var token = Text("--token", "Show what this token says.");
        var command = new Command("token", "Issue and inspect tokens.") { path, expires, permission, owner, group, tree, origins, token };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new Dictionary<string, string>();
            foreach (var option in new[] { path, expires, permission, owner, group, token })
                if (parsed.GetValue(option) is { } value) options[option.Name.TrimStart('-')] = value;
            if (parsed.GetValue(tree)) options["tree"] = "";
            if (parsed.GetValue(origins) is { Length: > 0 } given) options["origin"] = string.Join('\n', given);
            foreach (var line in (await session.Client.AdministerAsync("token", "", [], options, cancel)).Lines) session.Out.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };
}
