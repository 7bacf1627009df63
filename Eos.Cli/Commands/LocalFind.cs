using System.Text.RegularExpressions;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`find file:path`: the same walk over this machine, by what a local file system can tell: kind, name and depth.</summary>
internal static class LocalFind
{
    public static bool IsMeant(string typed) => typed.StartsWith("file:", StringComparison.Ordinal);

    /// <param name="query">Null: more is wanted than can be told of a local file.</param>
    /// <param name="isCount">A count is all that is wanted.</param>
    public static int Run(Session session, Form form, string typed, FindQuery? query, bool isCount)
    {
        if (query is null || query with { Files = true, Directories = true, Name = "", MaxDepth = null } != FindQuery.Everything)
            throw new EosException(Errno.Invalid, "find file:… knows -f, -d, --name, --maxdepth and --count only");
        var path = typed[5..];
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path[2..];
        var rows = new Rows(session, form, query, isCount);
        if (Directory.Exists(path)) rows.Walk(new DirectoryInfo(path), 0);
        else if (File.Exists(path)) rows.Add(path, isDirectory: false);
        else throw new EosException(Errno.NoEntry, $"{typed}: no such file or directory");
        return rows.End();
    }

    private sealed class Rows(Session session, Form form, FindQuery query, bool isCount)
    {
        private readonly Regex? _name = query.Name.Length == 0 ? null : Pattern(query.Name);
        private readonly List<Pairs> _json = [];
        private (ulong Files, ulong Directories) _counts;
        private int _code;

        public void Walk(DirectoryInfo folder, uint depth)
        {
            Add(folder.FullName, isDirectory: true);
            if (depth == query.MaxDepth) return;
            try
            {
                foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
                {
                    if (entry is DirectoryInfo { LinkTarget: null } below) Walk(below, depth + 1);
                    else Add(entry.FullName, isDirectory: false);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                _code = Failure.Report(session.Terminal, Form.Human, Failure.OfLocal(folder.FullName, problem));
            }
        }

        public void Add(string path, bool isDirectory)
        {
            if (!(isDirectory ? query.Directories : query.Files) || _name?.IsMatch(System.IO.Path.GetFileName(path)) == false) return;
            if (isDirectory) _counts.Directories++;
            else _counts.Files++;
            if (isCount) return;
            var shown = isDirectory && path != "/" ? path + "/" : path;
            var pairs = new Pairs().Add("path", shown).Add("type", isDirectory ? "directory" : "file");
            if (form == Form.Json) _json.Add(pairs);
            else session.Out.WriteLine(form == Form.Human ? shown : pairs.Line());
        }

        public int End()
        {
            var counts = new Pairs().Add("nfiles", _counts.Files).Add("ndirectories", _counts.Directories);
            if (form == Form.Json) session.Out.WriteLine(Pairs.Envelope(isCount ? [counts] : _json, _code));
            else if (isCount) session.Out.WriteLine(counts.Line());
            return _code;
        }

        private static Regex Pattern(string typed)
        {
            try
            {
                return new Regex(typed, RegexOptions.NonBacktracking);
            }
            catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
            {
                throw new EosException(Errno.Invalid, $"'{typed}' is no regular expression: {wrong.Message}");
            }
        }
    }
}
