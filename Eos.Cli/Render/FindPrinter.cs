using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>What a line of `find` is.</summary>
internal enum FindShape
{
    Path = 0,
    Format = 1,
    ChildCount = 2,
    TreeCount = 3,
    FileInfo = 4,
    Du = 5,
}

/// <summary>How `find` prints.</summary>
internal sealed record FindStyle
{
    private static readonly string[] OfFilesystems = ["online", "partition", "hosts"];

    public FindShape Shape { get; init; }
    public ImmutableArray<string> Keys { get; init; } = [];
    public bool Url { get; init; }

    public bool DirectoriesOnly => Shape is FindShape.ChildCount or FindShape.TreeCount;
    public bool NeedsViews => Shape == FindShape.FileInfo || Keys.Any(OfFilesystems.Contains);

    /// <summary>The path alone does not need what is known of the entry.</summary>
    public bool NeedsRecords(Form form) => Shape != FindShape.Path || !Keys.IsEmpty || form != Form.Human;
}

/// <summary>Prints what was found, as it comes.</summary>
internal abstract class FindPrinter(TextWriter output)
{
    protected TextWriter Output => output;

    public static FindPrinter Of(TextWriter output, Form form, FindStyle style, ImmutableArray<FsView> views, string endpoint) => (style.Shape, form) switch
    {
        (FindShape.FileInfo, Form.Json) => new JsonInfos(output, views),
        (FindShape.FileInfo, _) => new Infos(output, views),
        (_, Form.Json) => new Envelope(output, new FindFields(style, views, endpoint)),
        _ => new Lines(output, form, new FindFields(style, views, endpoint)),
    };

    public abstract void Print(TreeRow row);

    /// <summary>Nothing follows.</summary>
    /// <param name="code">The exit code.</param>
    public virtual void End(int code)
    {
    }

    private static IFinal InfoOf(TreeRow row, ImmutableArray<FsView> views) => row.File is { } file
        ? new FileInformation(default, row.Path, row.Parent, file, [.. file.Content.Locations.SelectMany(l => views.Where(v => v.Id == l))]) { Unlinked = row.Unlinked }
        : new DirectoryInformation(default, row.Path, row.Directory!, row.Counts.Files, row.Counts.Directories, row.Counts.Bytes) { Tree = row.Tree };

    private sealed class Lines(TextWriter output, Form form, FindFields fields) : FindPrinter(output)
    {
        public override void Print(TreeRow row) => Output.WriteLine(form == Form.Monitoring ? fields.Pairs(row).Line() : fields.Line(row));
    }

    /// <summary>EOS's frame, row by row: what was found may be more than fits into memory.</summary>
    private sealed class Envelope(TextWriter output, FindFields fields) : FindPrinter(output)
    {
        private string _before = "{\n\"result\": [\n";

        public override void Print(TreeRow row)
        {
            Output.Write(_before + Render.Pairs.JsonText(fields.Pairs(row).WriteTo));
            _before = ",\n";
        }

        public override void End(int code) =>
            Output.WriteLine($"{(_before[0] == ',' ? "" : _before)}\n],\n\"errormsg\": \"\",\n\"retc\": \"{code.ToString(CultureInfo.InvariantCulture)}\"\n}}");
    }

    private sealed class Infos(TextWriter output, ImmutableArray<FsView> views) : FindPrinter(output)
    {
        public override void Print(TreeRow row) => Output.WriteLine(InfoOf(row, views) switch
        {
            FileInformation file => FileInfoText.Monitoring(file, fullPath: false),
            var directory => DirectoryInfoText.Monitoring((DirectoryInformation)directory),
        });
    }

    private sealed class JsonInfos(TextWriter output, ImmutableArray<FsView> views) : FindPrinter(output)
    {
        private string _before = "[\n";

        public override void Print(TreeRow row)
        {
            Output.Write(_before + (InfoOf(row, views) switch
            {
                FileInformation file => FileInfoJson.Of(file),
                var directory => FileInfoJson.Of((DirectoryInformation)directory),
            }));
            _before = ",\n";
        }

        public override void End(int code) => Output.WriteLine(_before[0] == ',' ? "\n]" : "[]");
    }
}
