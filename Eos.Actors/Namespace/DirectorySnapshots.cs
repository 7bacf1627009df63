using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Eos.Journal;
using static Eos.Kv.SystemProtocol;

namespace Eos.Namespace;

/// <summary>
/// Writes the snapshots of one directory, one at a time, and deletes what nobody needs any more:
/// <code>
///   pages that are new  -->  manifest that names them  -->  events and manifests up to the last but one  -->  pages that only those named
/// </code>
/// A crash after any step leaves a manifest with all its pages, and the events behind it; at worst pages that nothing names, which the next activation looks for.
/// Small directories have their pages in the manifest. Belongs to the directory's actor.
/// </summary>
internal sealed class DirectorySnapshots(string id, IPageStore store, IActorRef manifests, IActorRef self, int every, ulong firstKey)
{
    /// <summary>Pages of no more than this together are stored in the manifest.</summary>
    private const long MostInManifest = 32 << 10;

    /// <summary>A snapshot waits until it has so many events for each page that it writes, and one for each that its manifest names, as long as that is not too many events.</summary>
    private const int EventsPerPage = 8;

    private static readonly Kept None = new(0, [], []);

    private readonly int _every = every;
    private readonly ulong _firstKey = firstKey;
    private ulong _nextKey = firstKey;
    private int _since;
    private int _due = every;
    private DirectoryState? _saving;
    private Kept _last = None;
    private Kept _before = None;
    private ImmutableArray<ulong> _unneeded = [];
    private bool _isSwept;
    private bool _isHurried;

    /// <summary>What a stored manifest names, and what the one before it named that it does not.</summary>
    private sealed record Kept(long SequenceNr, ImmutableHashSet<ulong> Pages, ImmutableArray<ulong> Replaced);

    /// <summary>These pages are stored.</summary>
    internal sealed record PagesStored(ImmutableArray<(EntryPage Page, ulong Key)> Pages, long SequenceNr) : INoSerializationVerificationNeeded;

    /// <summary>The pages of a snapshot could not be stored; there will be another.</summary>
    internal sealed record NotStored(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>All pages that the store has.</summary>
    internal sealed record Listed(ImmutableArray<ulong> Keys) : INoSerializationVerificationNeeded;

    /// <summary>Pages that nobody needs were deleted, or stay a little longer.</summary>
    internal sealed record Dropped(Exception? Cause) : INoSerializationVerificationNeeded;

    /// <summary>The directory woke with that snapshot.</summary>
    public void Restored(DirectoryState state, long sequenceNr) => _last = new Kept(sequenceNr, KeysOf(state), state.ReplacedPages);

    /// <summary>An event behind that snapshot was replayed.</summary>
    public void Replayed() => _since++;

    /// <summary>Let the next turn take a snapshot, if there were events since the last one.</summary>
    public void Hurry() => _isHurried = true;

    /// <summary>Events were stored, and then the state was that: takes a snapshot if it is time.</summary>
    public void Stored(int events, DirectoryState after, long sequenceNr)
    {
        _since += events;
        if (_saving is not null || (_since < _due && !_isHurried)) return;
        if (_since == 0)
        {
            _isHurried = false;
            return;
        }
        if (!_isHurried && _due == _every && (_due = Due([.. after.Pages])) > _since) return;
        (_since, _due, _saving, _isHurried) = (0, _every, after, false);
        ImmutableArray<(EntryPage Page, ulong Key)> pages = after.Entries.Weight + after.Detached.Weight <= MostInManifest ? [] : [.. after.Pages.Where(p => p.Key == 0).Select(p => (p, ++_nextKey))];
        store.PutAsync(id, [.. pages.Select(p => new PageRow(p.Key, PageStore.Encode(p.Page)))])
            .PipeTo(self, ActorRefs.NoSender, () => new PagesStored(pages, sequenceNr), cause => new NotStored(cause));
    }

    /// <summary>Now the manifest can name them.</summary>
    public void Take(PagesStored stored)
    {
        foreach (var (page, key) in stored.Pages) page.IsStored(key);
        var names = KeysOf(_saving!);
        _saving = _saving! with { ReplacedPages = [.. _last.Pages.Except(names).Order()] };
        manifests.Tell(new SaveSnapshot(new SnapshotMetadata(id, stored.SequenceNr), _saving), self);
    }

    public void Failed() => _saving = null;

    /// <summary>The snapshot is there. Up to which number events are not needed any more, and the manifests before it; 0: all are.</summary>
    public long Saved(long sequenceNr)
    {
        if (_saving is not { } saved) return 0;
        (_before, _last, _saving) = (_last, new Kept(sequenceNr, KeysOf(saved), saved.ReplacedPages), null);
        _unneeded = [.. _unneeded, .. _before.Replaced];
        return _before.SequenceNr;
    }

    /// <summary>Older manifests are gone, and with them the need of what only they named.</summary>
    public void ManifestsDeleted()
    {
        Drop(_unneeded);
        _unneeded = [];
        if (_isSwept) return;
        _isSwept = true;
        store.ListAsync(id).PipeTo(self, ActorRefs.NoSender, keys => new Listed(keys), cause => new Dropped(cause));
    }

    /// <summary>What earlier activations left and no manifest names goes.</summary>
    public void Take(Listed listed) =>
        Drop([.. listed.Keys.Where(key => (key < _firstKey || key > _nextKey) && !_last.Pages.Contains(key) && !_before.Pages.Contains(key))]);

    private int Due(ImmutableArray<EntryPage> pages) => Math.Clamp(Math.Max(EventsPerPage * pages.Count(p => p.Key == 0), pages.Length), _every, EventsPerPage * _every);

    private void Drop(ImmutableArray<ulong> keys)
    {
        if (!keys.IsEmpty) store.DropAsync(id, keys).PipeTo(self, ActorRefs.NoSender, () => new Dropped(null), cause => new Dropped(cause));
    }

    private static ImmutableHashSet<ulong> KeysOf(DirectoryState state) => [.. state.Pages.Where(p => p.Key != 0).Select(p => p.Key)];
}
