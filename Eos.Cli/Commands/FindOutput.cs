using System.CommandLine;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>The options of `find` that say what is printed of each entry.</summary>
internal sealed class FindOutput
{
    /// <summary>Options that add a key, in the order in which they are printed.</summary>
    private static readonly (string Key, string Description)[] Keys =
    [
        ("size", "Its size; of a directory, that of its tree."),
        ("fid", "Its number."),
        ("uid", "Its user."),
        ("gid", "Its group."),
        ("fs", "The filesystems that have it."),
        ("online", "The filesystems that have it and are online."),
        ("partition", "Host and path of the filesystems that have it."),
        ("hosts", "The hosts of the filesystems that have it."),
        ("nrep", "How many replicas it has."),
        ("nunlink", "How many replicas are still to be deleted."),
        ("checksum", "Its checksum."),
        ("ctime", "When it was changed."),
        ("mtime", "When its content was changed."),
    ];

    private readonly (string Key, Option<bool> Option)[] _keys =
        [.. Keys.Select(k => (k.Key, new Option<bool>("--" + k.Key) { Description = "Print: " + char.ToLowerInvariant(k.Description[0]) + k.Description[1..] }))];

    private readonly Option<string?> _attribute = new("-p") { Description = "Print: this attribute.", HelpName = "key" };
    private readonly Option<string?> _format = new("--format") { Description = "Print these keys: type,size,uid,gid,mode,fid,fxid,pid,pxid,…", HelpName = "key,…" };
    private readonly Option<bool> _count = new("--count") { Description = "Only how many there are." };
    private readonly Option<bool> _childCount = new("--childcount") { Description = "How many files and directories are in each directory." };
    private readonly Option<bool> _treeCount = new("--treecount") { Description = "How many files and directories are below each directory." };
    private readonly Option<bool> _fileInfo = new("--fileinfo") { Description = "All that is known, as of fileinfo -m; with -j one JSON array." };
    private readonly Option<bool> _du = new("--du") { Description = "The size of each, as of du." };
    private readonly Option<bool> _url = new("--xurl") { Description = "Paths as URLs." };
    private readonly Option<bool> _cache = new("--cache") { Description = "Accepted: here each walk leaves what it reads in memory." };

    public FindOutput(Command command)
    {
        Option[] all = [.. _keys.Select(k => k.Option), _attribute, _format, _count, _childCount, _treeCount, _fileInfo, _du, _url, _cache];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <summary>Null: a count is all that is wanted.</summary>
    public FindStyle? Style(ParseResult parsed)
    {
        if (parsed.GetValue(_count)) return null;
        return new FindStyle
        {
            Shape = parsed.GetValue(_fileInfo) ? FindShape.FileInfo
                : parsed.GetValue(_du) ? FindShape.Du
                : parsed.GetValue(_childCount) ? FindShape.ChildCount
                : parsed.GetValue(_treeCount) ? FindShape.TreeCount
                : parsed.GetValue(_format) is not null ? FindShape.Format
                : FindShape.Path,
            Keys = parsed.GetValue(_format) is { } format
                ? [.. format.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]
                : [.. _keys.Where(k => parsed.GetValue(k.Option)).Select(k => k.Key), .. parsed.GetValue(_attribute) is { } key ? ["attr." + key] : Array.Empty<string>()],
            Url = parsed.GetValue(_url),
        };
    }
}
