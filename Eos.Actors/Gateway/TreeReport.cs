using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What a walk has to tell its client: collected, and sent part by part when there is enough or it is time.</summary>
public sealed class TreeReport(OpId op, Weave weave, RoutineFacts facts)
{
    /// <summary>About how many bytes a row takes beside its texts, and a record.</summary>
    private const int RowBytes = 40;
    private const int RecordBytes = 160;

    private readonly ImmutableArray<TreeRow>.Builder _rows = ImmutableArray.CreateBuilder<TreeRow>();
    private readonly ImmutableArray<TreeFault>.Builder _faults = ImmutableArray.CreateBuilder<TreeFault>();
    private readonly RoutineFacts _facts = facts;
    private Instant _sent = facts.Now;
    private ulong _failed;
    private Errno _first;
    private int _bytes;

    /// <summary>What was found or done.</summary>
    public ulong Files { get; set; }

    /// <inheritdoc cref="Files"/>
    public ulong Directories { get; set; }

    /// <summary>What the walk has reached.</summary>
    public string At { get; set; } = "";

    public TreeDone Done => new(op, Files, Directories, _failed, _first);

    public void Add(TreeRow row)
    {
        _rows.Add(row);
        _bytes += RowBytes + Encoding.UTF8.GetByteCount(row.Path) + row.Target.Length;
        if ((row.File?.Attributes ?? row.Directory?.Attributes) is not { } attributes) return;
        _bytes += RecordBytes;
        foreach (var (key, value) in attributes) _bytes += key.Length + value.Length;
    }

    public void Fail(string path, Errno why, string text)
    {
        if (_failed++ == 0) _first = why;
        _faults.Add(new TreeFault(path, why, text));
        _bytes += RowBytes + path.Length + text.Length;
    }

    /// <summary>Sends a part if one is due; null: not yet.</summary>
    public IEnumerable<Step>? Due()
    {
        if (_bytes < _facts.Settings.WalkPart && _facts.Now - _sent < _facts.Settings.WalkPause) return null;
        return Send();
    }

    /// <summary>Sends what was not sent yet.</summary>
    public IEnumerable<Step> Send()
    {
        _sent = _facts.Now;
        foreach (var step in weave.Send()) yield return step;
        var part = new TreePart(op, default, 0, At, Files, Directories, _rows.DrainToImmutable(), _faults.DrainToImmutable());
        _bytes = 0;
        yield return new Step.Deliver(part);
    }
}
