using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// Parts of snapshots that are stored by themselves, so that what has not changed is not written again: rows by the id of a persistent actor and a key that the writer chooses.
/// Whoever may write the events of an id may write and delete its pages; what is still needed, the writer knows.
/// </summary>
internal sealed class SnapshotPages(KeySpace rows, Journals journals)
{
    private const int MaxBytes = 4 << 20;
    private const int MaxKeys = 256;

    public IAnswer Put(PutPages entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        if (journals.Refuse(id, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        foreach (var page in entry.Pages) rows.Put(SystemKeys.Page(id, page.Key), page.Bytes.Span);
        return Done.Instance;
    }

    public IAnswer Drop(DropPages entry, Moment at)
    {
        var id = SystemKeys.Bytes(entry.PersistenceId);
        if (journals.Refuse(id, entry.PersistenceId, entry.Fence, at.Now) is { } refused) return refused;
        foreach (var key in entry.Keys) rows.Delete(SystemKeys.Page(id, key));
        return Done.Instance;
    }

    /// <summary>The first of those asked for, at least one, as many as fit; what is not there has no bytes.</summary>
    public IAnswer Read(ReadPages question)
    {
        var id = SystemKeys.Bytes(question.PersistenceId);
        var (found, room) = (ImmutableArray.CreateBuilder<PageRow>(), MaxBytes);
        foreach (var key in question.Keys)
        {
            var bytes = rows.Get(SystemKeys.Page(id, key)).GetValueOrDefault();
            if ((room -= bytes.Length) < 0 && found.Count > 0) break;
            found.Add(new PageRow(key, bytes));
        }
        return new PagesRead(found.ToImmutable());
    }

    public IAnswer List(ListPages question)
    {
        var keys = rows.Under(SystemKeys.Pages(SystemKeys.Bytes(question.PersistenceId)), Keys.Number(question.From))
            .Take(MaxKeys + 1).Select(row => Keys.Number(row.Key.Span)).ToList();
        return new PageKeys([.. keys.Take(MaxKeys)], keys.Count > MaxKeys);
    }
}
