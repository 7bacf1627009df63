using System.Globalization;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>The walk over all that lies on a mount.</summary>
public sealed partial class FolderDisk
{
    /// <inheritdoc />
    public IEnumerable<FoundFolder> Survey()
    {
        var folders = Guarded(() => Directory.GetDirectories(Root).Where(path => IsHex(Path.GetFileName(path))).Order(StringComparer.Ordinal).ToArray());
        foreach (var folder in folders) yield return Guarded(() => Survey(folder));
    }

    private FoundFolder Survey(string folder)
    {
        var kept = new List<ReplicaRecord>();
        var complete = new List<ReplicaRecord>();
        var partial = new List<FstProtocol.Held>();
        var strange = new List<string>();
        var names = Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            var bytes = IsHex(name);
            if (name.EndsWith(RecordSuffix, StringComparison.Ordinal))
            {
                var stem = name[..^RecordSuffix.Length];
                var ofOpen = !IsHex(stem);
                if (ReadRecord(path) is { } record) (ofOpen ? complete : kept).Add(record);
                else if (File.Exists(path)) strange.Add(path);
            }
            else if (TryParsePart(name, out var held))
            {
                if (!names.Contains(name[..^PartSuffix.Length] + RecordSuffix)) partial.Add(held);
            }
            else if (name.EndsWith(NewSuffix, StringComparison.Ordinal))
            {
                if (TryParsePart(name.Replace(RecordSuffix + NewSuffix, PartSuffix, StringComparison.Ordinal), out var begun)) partial.Add(begun);
            }
            else if (!bytes || (!names.Contains(name + RecordSuffix) && !HasOpenRecord(names, name)))
            {
                strange.Add(path);
            }
        }

        return new FoundFolder(kept, complete, partial, strange);
    }

    private static bool HasOpenRecord(HashSet<string> names, string file) =>
        names.Any(name => name.StartsWith(file + ".", StringComparison.Ordinal) && name.EndsWith(RecordSuffix, StringComparison.Ordinal));

    private static bool IsHex(string name) => name.Length >= 8 && name.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads <c>&lt;fid&gt;.&lt;client&gt;-&lt;n&gt;.part</c>.</summary>
    private static bool TryParsePart(string name, out FstProtocol.Held held)
    {
        held = default;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 8 || !name.EndsWith(PartSuffix, StringComparison.Ordinal)) return false;
        if (!ulong.TryParse(name.AsSpan(0, dot), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var file)) return false;
        var middle = name.AsSpan(dot + 1, Math.Max(0, name.Length - PartSuffix.Length - dot - 1)).ToString();
        if (!OpenId.TryParse(middle.Replace('-', '/'), out var open)) return false;
        held = new FstProtocol.Held(new FileId(file), open);
        return true;
    }
}
