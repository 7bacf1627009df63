using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`file adjustreplica|verify|check|drop`: the replicas of a file.</summary>
internal static class ReplicaCommands
{
    public static IEnumerable<Command> All(Session session) => [Adjust(session), Verify(session), Check(session), Drop(session)];

    private static Command Adjust(Session session)
    {
        var path = new Argument<string>("path");
        var keepsAll = new Option<bool>("--nodrop") { Description = "Only make what is missing." };
        var command = new Command("adjustreplica", "Make missing replicas from others, give up superfluous and lost ones.") { path, keepsAll };
        command.SetAction(async (parsed, cancel) =>
        {
            Print(session, await session.Client.AdjustReplicasAsync(session.Path(parsed.GetValue(path)!), parsed.GetValue(keepsAll), cancel));
            return 0;
        });
        return command;
    }

    private static Command Verify(Session session)
    {
        var (path, fs) = (new Argument<string>("path"), new Argument<uint?>("fsid") { Arity = ArgumentArity.ZeroOrOne });
        var command = new Command("verify", "Let filesystems read what they have of a file, and mend it.") { path, fs };
        command.SetAction(async (parsed, cancel) =>
        {
            var only = parsed.GetValue(fs) is { } id ? new FsId(id) : default(FsId?);
            Print(session, await session.Client.VerifyReplicasAsync(session.Path(parsed.GetValue(path)!), only, cancel));
            return 0;
        });
        return command;
    }

    private static Command Check(Session session)
    {
        var path = new Argument<string>("path");
        var command = new Command("check", "Compare what the servers of all replicas say with the namespace; EFAULT if one differs.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = session.Path(parsed.GetValue(path)!);
            if (await session.Client.InfoAsync(target, cancel) is not FileInformation file) throw new EosException(Errno.IsADirectory, $"{target} is a directory");
            var states = await session.Client.CheckReplicasAsync(file, cancel);
            foreach (var line in Lines(file, states)) session.Out.WriteLine(line);
            var wrong = states.Count(s => !IsRight(file, s));
            var wanted = file.File.Content.Layout.Stripes;
            if (wrong > 0 || states.Length != wanted)
                throw new EosException(Errno.Fault, $"{target}: {states.Length - wrong} of {wanted} replicas are as they should be");
            return 0;
        });
        return command;
    }

    private static Command Drop(Session session)
    {
        var (path, fs) = (new Argument<string>("path"), new Argument<uint>("fsid"));
        var command = new Command("drop", "Give up the replica on one filesystem.") { path, fs };
        command.SetAction(async (parsed, cancel) =>
        {
            var id = new FsId(parsed.GetValue(fs));
            await session.Client.DropReplicaAsync(session.Path(parsed.GetValue(path)!), id, cancel);
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
                $"nrep=\"{i:00}\" fsid=\"{state.Fs}\" host=\"{place}\" fstpath=\"{(view is null ? "" : FileFields.PhysicalPath(view, file.Id))}\" size=\"{state.Size}\" checksum=\"{state.Checksum.Hex}\" status=\"{state.Problem?.Text ?? (IsRight(info, state) ? "ok" : "differs")}\"");
        }
    }

    private static bool IsRight(FileInformation file, ReplicaState state) =>
        state.Problem is null && state.Size == file.File.Content.Size && (state.Checksum.Hex.Length == 0 || state.Checksum == file.File.Content.Checksum);
}
