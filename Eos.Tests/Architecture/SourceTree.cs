using System.Text.RegularExpressions;

namespace Eos.Tests.Architecture;

/// <summary>The sources as text, for the tests that hold them to the house's rules.</summary>
internal static class SourceTree
{
    public static readonly string Root = FindRoot();

    /// <summary>Every C# file of a project, by its path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Of(params string[] projects) =>
        from project in projects
        from file in Directory.EnumerateFiles(System.IO.Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
        let path = System.IO.Path.GetRelativePath(Root, file)
        where !path.Contains("/bin/") && !path.Contains("/obj/")
        select (path, File.ReadAllText(file));

    /// <summary>Lines that match, comments left out, as "path:line: text".</summary>
    public static IEnumerable<string> Lines(Regex pattern, params string[] projects) =>
        from file in Of(projects)
        from line in file.Text.Split('\n').Select((text, index) => (Text: Code(text), Number: index + 1))
        where pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    private static string Code(string line)
    {
        var comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 || line.Contains("://") ? line : line[..comment];
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "eos-actors.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests must run from below the repository's root");
    }
}
