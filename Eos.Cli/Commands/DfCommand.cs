using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>`df [-m|-H|-b] [path]`: what the spaces have and what of it is free.</summary>
internal static class DfCommand
{
    private static readonly Column[] Columns =
        [new("Filesystem"), new("Size", true), new("Used", true), new("Avail", true), new("Use%", true), new("Files", true), new("Mounted on")];

    public static Command Build(Session session)
    {
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "Must be there." };
        var human = new Option<bool>("-H") { Description = "Sizes with units of 1000, which is how they are printed anyway." };
        var bytes = new Option<bool>("-b") { Description = "Sizes in bytes." };
        var command = new Command("df", "Size and use of the spaces.") { path, human, bytes };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            if (parsed.GetValue(path) is { } typed) await session.Client.StatAsync(session.Path(typed), cancel);
            var mounted = $"/eos/{(await session.Client.VersionAsync(cancel)).Instance["eos".Length..]}/";
            var rows = (await session.Client.SpacesAsync(cancel)).Rows.Where(s => s.Sums.Filesystems > 0).ToList();
            var records = rows.Select(s => new Pairs()
                .Add("space", s.Name).Add("size", s.Sums.Capacity).Add("used", s.Sums.Used).Add("avail", s.Sums.FreeRw)
                .Add("use", FsWords.Filled(s.Sums.Used, s.Sums.Capacity)).Add("files", s.Sums.Files).Add("mount", mounted));
            if (Printing.Rows(session, form, records)) return 0;
            string Size(ulong size) => parsed.GetValue(bytes) ? size.ToString(CultureInfo.InvariantCulture) : HumanSize.Of((long)size);
            session.Out.Write(Table.Draw(Columns, [.. rows.Select(s => new[]
            {
                s.Name, Size(s.Sums.Capacity), Size(s.Sums.Used), Size(s.Sums.FreeRw), $"{FsWords.Filled(s.Sums.Used, s.Sums.Capacity).ToString("0", CultureInfo.InvariantCulture)}%",
                s.Sums.Files.ToString(CultureInfo.InvariantCulture), mounted,
            })]));
            return 0;
        });
        return command;
    }
}
