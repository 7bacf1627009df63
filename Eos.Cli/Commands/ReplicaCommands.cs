using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Fst;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`file adjustreplica|verify|check|drop|replicate|move|layout`: the replicas of a file.</summary>
internal static class ReplicaCommands
{
    public static IEnumerable<Command> All(Session session) =>
    [
        Adjust(session), Verify(session), Check(session), Drop(session), Copy(session, "replicate", "Make a further replica from one that is there.", moves: false),
        Copy(session, "move", "Let another filesystem take over a replica.", moves: true), Layout(session),
    ];

    private static Command Adjust(Session session)
    {
        var path = new Argument<string>("path");
        var keepsAll = new Option<bool>("--nodrop") { Description = "Only make what is missing." };
        var excluded = new Option<uint[]>("--exclude-fs") { Description = "No new replica there.", HelpName = "fsid", AllowMultipleArgumentsPerToken = false };
        var command = new Command("adjustreplica", "Make missing replicas from others, give up superfluous and lost ones.") { path, keepsAll, excluded };
        command.SetAction(async (parsed, cancel) =>
        {
            ImmutableArray<FsId> without = [.. (parsed.GetValue(excluded) ?? []).Select(id => new FsId(id))];
            Print(session, await session.Client.AdjustReplicasAsync(session.Path(parsed.GetValue(path)!), parsed.GetValue(keepsAll), without, cancel));
            return 0;
        });
        return command;
    }

    private static Command Verify(Session session)
    {
        var (path, fs) = (new Argument<string>("path"), new Argument<uint?>("fsid") { Arity = ArgumentArity.ZeroOrOne });
        var checksum = new Option<bool>("-checksum") { Description = "Read all bytes; so it is done anyway." };
        var resync = new Option<bool>("-resync") { Description = "Only see whether the replicas are there." };
        var commits = new (Option<bool> Option, FstProtocol.Correction What)[]
        {
            (new("-commitchecksum") { Description = "The namespace takes the checksum of the bytes that are there." }, FstProtocol.Correction.Checksum),
            (new("-commitsize") { Description = "The namespace takes their size." }, FstProtocol.Correction.Size),
            (new("-commitfmd") { Description = "The record beside the bytes is written anew by what they are." }, FstProtocol.Correction.Record),
        };
        var rate = new Option<uint?>("-rate") { Description = "Read no faster.", HelpName = "MB/s" };
        var command = new Command("verify", "Let filesystems read what they have of a file, and mend it.") { path, fs, checksum, resync, rate };
        foreach (var (option, _) in commits) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var corrects = commits.Where(c => parsed.GetValue(c.Option)).Aggregate(FstProtocol.Correction.None, (all, c) => all | c.What);
            if (corrects != 0 && parsed.GetValue(resync)) throw new EosException(Errno.Invalid, "file verify: -resync reads no bytes that could be committed");
            var only = parsed.GetValue(fs) is { } id ? new FsId(id) : default(FsId?);
            Print(session, await session.Client.VerifyReplicasAsync(session.Path(parsed.GetValue(path)!), only, parsed.GetValue(resync), corrects, (parsed.GetValue(rate) ?? 0) * 1_000_000UL, cancel));
            return 0;
        });
        return command;
    }

    private static Command Copy(Session session, string verb, string description, bool moves)
    {
        var (path, source, target) = (new Argument<string>("path"), new Argument<uint>("fsid1"), new Argument<uint>("fsid2"));
        var command = new Command(verb, description) { path, source, target };
        command.SetAction(async (parsed, cancel) =>
        {
            var (from, to) = (new FsId(parsed.GetValue(source)), new FsId(parsed.GetValue(target)));
            Print(session, await session.Client.CopyReplicaAsync(session.Path(parsed.GetValue(path)!), from, to, moves, cancel));
            return 0;
        });
        return command;
    }

    private static Command Layout(Session session)
    {
        var path = new Argument<string>("path");
        var stripes = new Option<int?>("-stripes") { Description = "The number of replicas.", HelpName = "n" };
        var type = new Option<string?>("-type") { Description = "A layout id, hexadecimal.", HelpName = "hex" };
        var checksum = new Option<string?>("-checksum") { Description = "The type of the checksum.", HelpName = "type" };
        var command = new Command("layout", "Change what a file's layout says; 'file adjustreplica' makes it true.") { path, stripes, type, checksum };
        command.SetAction(async (parsed, cancel) =>
        {
            var (count, hex, name) = (parsed.GetValue(stripes), parsed.GetValue(type), parsed.GetValue(checksum));
            if (count is null && hex is null && name is null) throw new EosException(Errno.Invalid, "file layout needs -stripes, -type or -checksum");
            LayoutId? layout = hex is null ? null
                : uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? new LayoutId(id) : throw new EosException(Errno.Invalid, $"'{hex}' is no layout id");
            ChecksumType? sum = name is null ? null : ChecksumNames.TryParse(name, out var known) ? known : throw new EosException(Errno.Invalid, $"unknown checksum '{name}'");
            var target = session.Path(parsed.GetValue(path)!);
            await session.Client.ChangeLayoutAsync(target, count, layout, sum, cancel);
            session.Out.WriteLine($"success: changed the layout of '{target}'");
            return 0;
        });
        return command;
    }

    private static Command Check(Session session)
    {
        var path = new Argument<string>("path");
        var tags = new Argument<string?>("tags") { Arity = ArgumentArity.ZeroOrOne, Description = "Which of %size%checksum%nrep counts, %output prints only if one differs, %silent prints nothing." };
        var command = new Command("check", "Compare what the servers of all replicas say with the namespace; EFAULT if one differs.") { path, tags };
        command.SetAction(async (parsed, cancel) =>
        {
            var wants = CheckTags.Parse(parsed.GetValue(tags));
            var target = session.Path(parsed.GetValue(path)!);
            if (await session.Client.InfoAsync(target, cancel) is not FileInformation file) throw new EosException(Errno.IsADirectory, $"{target} is a directory");
            var states = await session.Client.CheckReplicasAsync(file, cancel);
            var wrong = states.Count(s => !IsRight(file, s, wants));
            var wanted = file.File.Content.Layout.Stripes;
            var differs = wrong > 0 || (wants.Count && states.Length != wanted);
            if (!wants.Silent && (differs || !wants.OnlyErrors)) foreach (var line in Lines(file, states)) session.Out.WriteLine(line);
            if (differs) throw new EosException(Errno.Fault, $"{target}: {states.Length - wrong} of {wanted} replicas are as they should be");
            return 0;
        });
        return command;
    }

    private static Command Drop(Session session)
    {
        var (path, fs) = (new Argument<string>("path"), new Argument<uint>("fsid"));
        var force = new Option<bool>("-f") { Description = "Forget it at once, also the last one; its bytes stay where they are." };
        var command = new Command("drop", "Give up the replica on one filesystem.") { path, fs, force };
        command.SetAction(async (parsed, cancel) =>
        {
            var id = new FsId(parsed.GetValue(fs));
            var target = session.Path(parsed.GetValue(path)!);
            if (parsed.GetValue(force)) await session.Client.TagAsync(target, id, DirectoryProtocol.PlaceTag.Remove, cancel);
            else await session.Client.DropReplicaAsync(target, id, cancel);
            session.Out.WriteLine($"success: dropped stripe on fs={id}");
            return 0;
        });
        return command;
    }

    private static void Print(Session session, IEnumerable<ReplicaWork> work)
    {
        foreach (var one in work)
            session.Out.WriteLine(one.Deed switch
            {
                ReplicaDeed.Make => $"success: scheduled replication from source fs={one.Source} => target fs={one.Fs}",
                ReplicaDeed.Move => $"success: scheduled move from source fs={one.Source} => target fs={one.Fs}",
                ReplicaDeed.Drop => $"success: dropping replica on fsid={one.Fs}",
                _ => $"success: sending verify to fsid={one.Fs}",
            });
    }

    private static IEnumerable<string> Lines(FileInformation info, IEnumerable<ReplicaState> states)
    {
        var (file, content) = (info.File, info.File.Content);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"path=\"{info.Path}\" fxid=\"{file.Id}\" size=\"{content.Size}\" nrep=\"{content.Locations.Length}\" checksumtype=\"{content.Checksum.Type.Name()}\" checksum=\"{content.Checksum.Hex}\"");
        foreach (var (state, i) in states.Select((state, i) => (state, i)))
        {
            var view = FileFields.View(info, state.Fs);
            var place = view is null ? "unknown" : $"{view.Report.Identity.Host}:{view.Report.Identity.Port}";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"nrep=\"{i:00}\" fsid=\"{state.Fs}\" host=\"{place}\" fstpath=\"{(view is null ? "" : FileFields.PhysicalPath(view, file.Id))}\" size=\"{state.Size}\" checksum=\"{state.Checksum.Hex}\" status=\"{state.Problem?.Text ?? (IsRight(info, state, CheckTags.All) ? "ok" : "differs")}\"");
        }
    }

    private static bool IsRight(FileInformation file, ReplicaState state, CheckTags tags) =>
        state.Problem is null && (!tags.Size || state.Size == file.File.Content.Size)
        && (!tags.Checksum || state.Checksum.Hex.Length == 0 || state.Checksum == file.File.Content.Checksum);

    /// <summary>What `file check` compares and prints.</summary>
    private sealed record CheckTags(bool Size, bool Checksum, bool Count, bool OnlyErrors, bool Silent)
    {
        public static readonly CheckTags All = new(true, true, true, false, false);

        public static CheckTags Parse(string? text)
        {
            if (text is null) return All;
            if (!text.StartsWith('%')) throw new EosException(Errno.Invalid, $"'{text}' are no tags: %size%checksum%nrep");
            var words = text.Split('%', StringSplitOptions.RemoveEmptyEntries);
            if (words.FirstOrDefault(w => w is not ("size" or "checksum" or "nrep" or "output" or "silent" or "force")) is { } unknown) throw new EosException(Errno.Invalid, $"there is no tag %{unknown}");
            var isAll = !words.Any(w => w is "size" or "checksum" or "nrep");
            return new(isAll || words.Contains("size"), isAll || words.Contains("checksum"), isAll || words.Contains("nrep"), words.Contains("output"), words.Contains("silent"));
        }
    }
}
