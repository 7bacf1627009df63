using System.CommandLine;
using System.Globalization;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`fs status` and `fs dumpmd`: a filesystem, its files, and what its loss would mean for them.</summary>
internal static class FsFilesCommands
{
    public static Command Status(Session session)
    {
        var which = new Argument<string>("fsid|uuid|host:port/path");
        var onlyRisk = new Option<bool>("-r") { Description = "Only the risk." };
        var list = new Option<bool>("-l") { Description = "Also the files at risk." };
        var command = new Command("status", "All that is known of a filesystem, and what its loss would mean.") { which, onlyRisk, list };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (form, name) = (printing.Form(parsed, session), parsed.GetValue(which)!);
            if (!parsed.GetValue(onlyRisk)) Reports.Print(session, form, await session.Client.AdministerAsync("fs", "status", [name], null, cancel));
            if (form != Form.Human) return 0;
            IEnumerable<KeyValuePair<string, string>> options = parsed.GetValue(list) ? [new("l", "")] : [];
            try
            {
                PrintRisk(session.Out, await session.Client.AdministerAsync("fs", "risk", [name], options, cancel));
            }
            catch (EosException none) when (none.Why == Errno.NotSupported && !parsed.GetValue(onlyRisk))
            {
                session.Out.WriteLine($"# {none.Message}");
            }
            return 0;
        });
        return command;
    }

    /// <summary>EFAULT when there are ghosts: rows of the index without a file.</summary>
    public static Command Dump(Session session)
    {
        var which = new Argument<string>("fsid");
        var flags = new[] { "--fid", "--fxid", "--path", "--size", "-m", "-s" }.Select(name => new Option<bool>(name)).ToArray();
        var command = new Command("dumpmd", "The files of a filesystem: --fid, --fxid, --path, --size say what is printed of each, -m all, -s nothing.") { which };
        foreach (var flag in flags) command.Options.Add(flag);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = flags.Where(parsed.GetValue).Select(f => KeyValuePair.Create(f.Name.TrimStart('-'), ""));
            var report = await session.Client.AdministerAsync("fs", "dumpmd", [parsed.GetValue(which)!], options, cancel);
            foreach (var line in report.Lines) session.Out.WriteLine(line);
            var ghosts = report.Lines.Count(l => l.StartsWith("# warning: ghost", StringComparison.Ordinal));
            return ghosts == 0 ? 0 : throw new EosException(Errno.Fault, $"{ghosts} files are gone that the index has on this filesystem");
        });
        return command;
    }

    private static void PrintRisk(TextWriter output, Report report)
    {
        ulong Sum(string key) => report.Records.SelectMany(r => r.Pairs).Where(p => p.Key == key).Aggregate(0UL, (sum, p) => sum + ulong.Parse(p.Value, CultureInfo.InvariantCulture));
        var files = Sum("files");
        output.WriteLine("# ------------------------------------------------------------------------------------");
        output.WriteLine("# Risk Analysis");
        output.WriteLine("# ....................................................................................");
        output.WriteLine($"{"number of files",-32} := {files}");
        foreach (var (label, key) in new[] { ("files healthy", "healthy"), ("files at risk", "risk"), ("files inaccessible", "inaccessible") })
        {
            var share = files == 0 ? 0 : 100.0 * Sum(key) / files;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-32} := {Sum(key)} ({share:0.00}%)"));
        }
        output.WriteLine($"{"files pending deletion",-32} := {Sum("pending")}");
        foreach (var line in report.Lines) output.WriteLine(line);
    }
}
