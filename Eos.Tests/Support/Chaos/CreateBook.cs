using System.Collections.Concurrent;
using System.Diagnostics;

namespace Eos.Tests.Support.Chaos;

/// <summary>What clients were told about the files that they made and removed in one directory, and when.</summary>
internal sealed class CreateBook(string path)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Fate> _files = new(StringComparer.Ordinal);
    private long _last = Stopwatch.GetTimestamp();
    private long _acknowledged;
    private TimeSpan _longest;

    /// <summary>What is known of a file: whoever heard nothing does not know.</summary>
    public enum Fate { Unknown, Stored, Refused, Removed }

    public string Path => path;

    public IReadOnlyDictionary<string, Fate> Files => _files;

    /// <summary>Acknowledged creates.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public void Begin(string name) => _files[name] = Fate.Unknown;

    public void End(string name, Fate fate)
    {
        _files[name] = fate;
        if (fate != Fate.Stored) return;
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_last, now);
            if (gap > _longest) _longest = gap;
            _last = now;
            _acknowledged++;
        }
    }

    /// <summary>The longest time without an acknowledged create since this was asked last.</summary>
    public TimeSpan TakeLongestGap()
    {
        lock (_gate)
        {
            var longest = _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    /// <summary>What a listing has that it must not have, or lacks; null: nothing.</summary>
    public string? Fault(IReadOnlySet<string> listed)
    {
        var lost = _files.Where(f => f.Value == Fate.Stored && !listed.Contains(f.Key)).Select(f => f.Key).ToList();
        var risen = _files.Where(f => f.Value is Fate.Refused or Fate.Removed && listed.Contains(f.Key)).Select(f => f.Key).ToList();
        var strange = listed.Where(name => !_files.ContainsKey(name)).ToList();
        return lost.Count + risen.Count + strange.Count == 0
            ? null
            : $"{path}: {lost.Count} acknowledged files are lost ({string.Join(' ', lost.Take(5))}), {risen.Count} that were refused or removed are there ({string.Join(' ', risen.Take(5))}), "
                + $"{strange.Count} were never made ({string.Join(' ', strange.Take(5))})";
    }
}
