using System.CommandLine;
using System.Globalization;
using Eos.Cli.Copying;
using Eos.Cli.Render;
using Eos.Kernel;
using TreePart = Eos.Gateway.GatewayProtocol.TreePart;

namespace Eos.Cli.Commands;

/// <summary>`cp [-r] source… target`: between this machine and the namespace, or within it; `-` is standard input or output.</summary>
internal static class CpCommand
{
    public static Command Build(Session session)
    {
        var recursive = Flag("Directories with all below them; source/ stands for what is in it.", "-r", "-R", "--recursive");
        var keep = Flag("Do not replace what is there (EEXIST).", "-k", "--no-overwrite");
        var preserve = Flag("Keep the time of modification.", "-P", "--preserve");
        var parents = Flag("Make the target's directory first.", "-p");
        var silent = Flag("Print nothing.", "-s", "--silent");
        var noProgress = Flag("No progress bar.", "-n");
        var checksums = Flag("Print path, size and checksum of each file.", "--checksum");
        var jobs = new Option<int>("--jobs") { Description = "Files at a time.", DefaultValueFactory = _ => 8, HelpName = "n" };
        var depth = new Option<uint?>("--depth") { Description = "With -r: so many levels.", HelpName = "n" };
        var atomic = Flag("As EOS has it; here a file is always complete or not there.", "--atomic");
        var streams = new Option<int>("--streams") { Description = "Fetch a file in so many parts at once; what is stored is one stream.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var rate = new Option<double?>("--rate") { Description = "At most so fast, all files together.", HelpName = "MB/s" };
        var append = Flag("Behind what is there. A file of the namespace is stored anew for that.", "-a", "--append");
        var debug = Flag("Tell of each file on standard error what is done; also written -d=LEVEL.", "-d");
        var totals = Flag("As EOS has it; the totals are printed anyway.", "-S");
        var places = new Argument<string[]>("source… target")
        {
            Arity = new ArgumentArity(2, 100_000),
            Description = "/eos/… is in the namespace, everything else on this machine (file:/eos/… too).",
        };
        var command = new Command("cp", "Copy files in, out, and within the namespace.")
        {
            recursive, keep, preserve, parents, silent, noProgress, checksums, jobs, depth, atomic, streams, rate, append, debug, totals, places,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var all = parsed.GetValue(places)!.Select(Place.Parse).ToList();
            var (sources, target) = (all[..^1], all[^1]);
            var quiet = parsed.GetValue(silent) || session.Options.Silent;
            if (parsed.GetValue(jobs) is < 1 or > 256) throw new EosException(Errno.Invalid, "--jobs must be 1 to 256");
            if (parsed.GetValue(parents)) await MakeParentAsync(session, target, cancel);

            if (parsed.GetValue(streams) is < 1 or > 64) throw new EosException(Errno.Invalid, "--streams must be 1 to 64");
            if (parsed.GetValue(rate) is <= 0 or double.NaN or double.PositiveInfinity) throw new EosException(Errno.Invalid, "--rate must be above 0 MB/s");
            if (parsed.GetValue(append) && parsed.GetValue(keep)) throw new EosException(Errno.Invalid, "-a changes what is there and -k does not");

            sources = await Sources.ExpandAsync(session.Client, sources, cancel);
            var looking = new TreeProgress(session, "found");
            var heard = quiet || parsed.GetValue(noProgress) ? (Action<TreePart>?)null : looking.Take;
            var plan = await new CopyPlanner(session.Client, parsed.GetValue(recursive), parsed.GetValue(depth), heard).PlanAsync(sources, target, cancel);
            looking.Clear();
            var rules = new CopyRules(!parsed.GetValue(keep), parsed.GetValue(preserve))
            {
                Streams = parsed.GetValue(streams),
                Appends = parsed.GetValue(append),
                Pacer = parsed.GetValue(rate) is { } most ? new Pacer((ulong)Math.Max(1, most * 1e6), TimeSpan.Zero) : null,
            };
            var copier = new FileCopier(session.Client, session.Terminal, rules);
            var run = new CopyRun(session, copier, target.Kind == PlaceKind.Stream ? 1 : parsed.GetValue(jobs)) { Traces = parsed.GetValue(debug) };
            var tally = new CopyTally(plan.Files.Count);
            var started = TimeProvider.System.GetTimestamp();
            var work = run.RunAsync(plan, tally, parsed.GetValue(checksums) && !quiet, cancel);
            var toTerminal = target.Kind == PlaceKind.Stream;
            if (session.ShowsProgress && !quiet && !toTerminal && !parsed.GetValue(noProgress)) await CopyProgress.ShowAsync(work, tally, plan.Bytes);
            else await work;
            if (!quiet && !toTerminal) session.Out.WriteLine(Summary(session.Options.Form, tally, TimeProvider.System.GetElapsedTime(started)));
            return tally.Errno;
        });
        return command;
    }

    internal static string Summary(Form form, CopyTally tally, TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        var record = new Pairs()
            .Add("files", tally.Files).Add("copied", tally.Copied).Add("bytes", tally.Bytes).Add("seconds", seconds).Add("errc", tally.Errno);
        return form switch
        {
            Form.Json => Pairs.Envelope([record], tally.Errno),
            Form.Monitoring => record.Line(),
            _ => $"[eos-cp] copied {tally.Copied}/{tally.Files} files and {HumanSize.Of(tally.Bytes)} "
                + $"in {seconds.ToString("0.00", CultureInfo.InvariantCulture)} seconds with {HumanSize.Rate(tally.Bytes, elapsed)}",
        };
    }

    private static async Task MakeParentAsync(Session session, Place target, CancellationToken cancel)
    {
        if (target.Kind == PlaceKind.Remote)
            await session.Client.MakeDirectoryAsync(target.InTheLarge ? target.Path : RemotePath.Parent(target.Path), parents: true, cancel: cancel);
        else if (target.Kind == PlaceKind.Local && Path.GetDirectoryName(Path.GetFullPath(target.Path)) is { } folder) Directory.CreateDirectory(folder);
    }

    private static Option<bool> Flag(string description, string name, params string[] aliases) => new(name, aliases) { Description = description };
}
