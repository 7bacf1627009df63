using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`chmod [-r] octal path`: permission bits. A directory goes on handing its attributes down, unless the mode has a 4 in front.</summary>
internal static class ChmodCommand
{
    public static Command Build(Session session)
    {
        var recursive = new Option<bool>("-r", "--recursive") { Description = "All directories below too." };
        var mode = new Argument<string>("mode") { Description = "Octal; 1000 is sticky, with 4000 sub-directories do not take over attributes." };
        var path = new Argument<string>("path");
        var command = new Command("chmod", "Change permission bits.") { recursive, mode, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(mode)!, session.Path(parsed.GetValue(path)!));
            var bits = Bits(typed);
            var code = 0;
            if (parsed.GetValue(recursive)) code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeModeOfTreeAsync(target, bits, take, cancel));
            else await session.Client.ChangeModeAsync(target, bits, cancel);
            if (code == 0) session.Out.WriteLine($"success: mode of file/directory {target} is now '{typed}'");
            return code;
        });
        return command;
    }

    /// <summary>EINVAL for what is no octal number of one to four digits.</summary>
    public static uint Bits(string typed) => typed.Length is > 0 and <= 4 && typed.All(c => c is >= '0' and <= '7')
        ? Convert.ToUInt32(typed, 8)
        : throw new EosException(Errno.Invalid, $"'{typed}' is no octal mode");
}
