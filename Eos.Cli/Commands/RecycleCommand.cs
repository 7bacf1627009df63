using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`recycle`: the recycle bin.</summary>
internal static class RecycleCommand
{
    private const string Attribute = "sys.recycle";
    private const string Project = "sys.forced.recycleid";

    public static Command Build(Session session)
    {
        var command = new Command("recycle", "The recycle bin; alone: how full it is.")
        {
            Reports.Verb(session, "recycle", "ls", "List what is in the bin: your own, or of these.", [Date()], Which()),
            Reports.Verb(session, "recycle", "purge", "Remove it for good.", [Date()], [.. Which(), new Option<string>("--key", "-k") { Description = "Only what has this restore key." }]),
            Reports.Verb(
                session, "recycle", "restore", "Bring a file or tree back.", [new Argument<string>("key")],
                [
                    new Option<bool>("--force", "-f") { Description = "What has its name by now is renamed." },
                    new Option<bool>("--parents", "-p") { Description = "Make the directories that are missing." },
                    new Option<bool>("--versions", "-r") { Description = "With its versions." },
                ]),
            ProjectVerb(session),
            Config(session),
        };
        Reports.Fill(session, command, "recycle", "", [], []);
        return command;
    }

    private static Argument<string?> Date() => new("date") { Arity = ArgumentArity.ZeroOrOne, Description = "year[/month[/day[/index]]]" };

    private static Option[] Which() =>
    [
        new Option<bool>("--all") { Description = "Everybody's; root and administrators." },
        new Option<string>("--rid") { Description = "Of the project with this number." },
        new Option<string>("--project") { Description = "Of the project that this directory belongs to." },
    ];

    /// <summary>The bin first, then the attribute by which everything below belongs to it.</summary>
    private static Command ProjectVerb(Session session)
    {
        var path = new Option<string>("--path") { Description = "The directory of the project.", Required = true };
        var acl = new Option<string?>("--acl") { Description = "A rule that opens the bin to others, as `eos acl` takes it." };
        var command = new Command("project", "Give a directory a bin of its own.") { path, acl };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = session.Path(parsed.GetValue(path)!);
            List<KeyValuePair<string, string>> options = [new("path", target)];
            if (parsed.GetValue(acl) is { } rule) options.Add(new("acl", rule));
            var report = await session.Client.AdministerAsync("recycle", "project", [], options, cancel);
            var id = report.Records[0].Pairs.First(p => p.Key == "recycleid").Value;
            var code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeAttributesOfTreeAsync(target, [new(Project, id)], "", take: take, cancel: cancel));
            if (code == 0) Reports.Print(session, session.Options.Form, report);
            return code;
        });
        return command;
    }

    private static Command Config(Session session)
    {
        var (add, remove) = (new Option<string>("--add-bin") { Description = "What is removed below PATH comes into the bin." }, new Option<string>("--remove-bin") { Description = "No longer." });
        Option[] settings =
        [
            new Option<bool>("--dump") { Description = "Show all settings." },
            Setting("lifetime", "Things older than that go: a number with s, min, h, d, w, mo or y; at least 60 s."),
            Setting("ratio", "They go only while more of the bin than this is used, above 0 and below 1, and until it is a tenth less."),
            Setting("size", "Bytes that the bin takes; k, M, G, T behind it. 0: any number."),
            Setting("inodes", "Files and directories that it takes. 0: any number."),
            Setting("collect-interval", "Between two looks at what is too old, at least 10 s."),
            Setting("remove-interval", "Between two removals, at least 10 s."),
            Setting("dry-run", "yes: only say what would go."),
            Setting("enforce", "on: everything that is removed comes into the bin."),
            Setting("enable", "off: nothing does."),
        ];
        var command = new Command("config", "What the bin is told to do; root only.") { add, remove };
        foreach (var setting in settings) command.Add(setting);
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            if (parsed.GetValue(add) is null && parsed.GetValue(remove) is null)
            {
                var given = settings.Where(s => parsed.GetResult(s) is { Implicit: false })
                    .Select(s => KeyValuePair.Create(s.Name.TrimStart('-'), parsed.GetResult(s)!.Tokens is [var value, ..] ? value.Value : ""));
                Reports.Print(session, form, await session.Client.AdministerAsync("recycle", "config", [], given, cancel));
                return 0;
            }
            if (session.Options.Claim.Uid != 0) throw new EosException(Errno.NotPermitted, "recycle config: you don't have the required privileges");
            var code = 0;
            if (parsed.GetValue(add) is { } typed && session.Path(typed) is var tree)
            {
                var bin = (await session.Client.AdministerAsync("recycle", "", [], cancel: cancel)).Records[0].Pairs.First(p => p.Key == "recycle-bin").Value + "/";
                code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeAttributesOfTreeAsync(tree, [new(Attribute, bin)], "", take: take, cancel: cancel));
                if (code == 0) session.Out.WriteLine($"success: what is removed below {tree} comes into the recycle bin");
            }
            if (code == 0 && parsed.GetValue(remove) is { } named && session.Path(named) is var other)
            {
                code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeAttributesOfTreeAsync(other, [], Attribute, take: take, cancel: cancel));
                if (code == 0) session.Out.WriteLine($"success: what is removed below {other} is removed");
            }
            return code;
        });
        return command;
    }

    private static Option<string> Setting(string name, string description) => new($"--{name}") { Description = description };
}
