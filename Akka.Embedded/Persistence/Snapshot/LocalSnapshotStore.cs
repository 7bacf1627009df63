using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace Akka.Persistence.Snapshot;

/// <summary>Keeps each snapshot in a file of its own, written under another name and renamed when whole.</summary>
public class LocalSnapshotStore : SnapshotStore
{
    private readonly ExtendedActorSystem _system;
    private readonly string _folder;
    private readonly int _attempts;

    public LocalSnapshotStore()
    {
        _system = (ExtendedActorSystem)Context.System;
        var config = Persistence.Instance.Apply(_system).ConfigOf(Self.Path.Name, journal: false);
        _folder = Path.GetFullPath(config.GetString("dir", "snapshots"));
        _attempts = Math.Max(1, config.GetInt("load-attempts", 3));
    }

    /// <summary>Tries the youngest that fits, then older ones; fails with the last error when none of those tried can be read.</summary>
    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var fitting = Find(persistenceId).Where(criteria.Fits).OrderByDescending(m => m.SequenceNr).ThenByDescending(m => m.Timestamp).Take(_attempts).ToArray();
        return Task.Run(() =>
        {
            Exception? last = null;
            foreach (var metadata in fitting)
            {
                try
                {
                    return new SelectedSnapshot(metadata, Read(FileOf(metadata)));
                }
                catch (Exception e)
                {
                    last = e;
                }
            }
            return last is null ? null! : throw last;
        });
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var payload = SqlPayload.Of(_system, snapshot, null);
        return Task.Run(() =>
        {
            Directory.CreateDirectory(_folder);
            var temporary = FileOf(metadata) + ".tmp";
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            using (var writer = new BinaryWriter(file))
            {
                writer.Write(payload.SerializerId);
                writer.Write(payload.Manifest);
                writer.Write(payload.Bytes.Length);
                writer.Write(payload.Bytes);
                writer.Flush();
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, FileOf(metadata), overwrite: true);
        });
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        Delete(Find(metadata.PersistenceId).Where(m => m.SequenceNr == metadata.SequenceNr && (metadata.Timestamp == DateTime.MinValue || m.Timestamp == metadata.Timestamp)));

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Delete(Find(persistenceId).Where(criteria.Fits));

    private Task Delete(IEnumerable<SnapshotMetadata> found)
    {
        foreach (var metadata in found.ToArray()) File.Delete(FileOf(metadata));
        return Task.CompletedTask;
    }

    private object Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        var (id, manifest, length) = (reader.ReadInt32(), reader.ReadString(), reader.ReadInt32());
        var bytes = reader.ReadBytes(length);
        if (bytes.Length != length) throw new InvalidDataException($"'{path}' ends after {bytes.Length} of {length} bytes");
        return new SqlPayload(bytes, id, manifest).Read(_system);
    }

    private string FileOf(SnapshotMetadata m) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"snapshot-{Uri.EscapeDataString(m.PersistenceId)}-{m.SequenceNr}-{m.Timestamp.Ticks}"));

    private IEnumerable<SnapshotMetadata> Find(string persistenceId)
    {
        if (!Directory.Exists(_folder)) yield break;
        var start = $"snapshot-{Uri.EscapeDataString(persistenceId)}-";
        foreach (var path in Directory.EnumerateFiles(_folder, start + "*"))
        {
            var parts = Path.GetFileName(path)[start.Length..].Split('-');
            if (parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var number) && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var ticks))
                yield return new SnapshotMetadata(persistenceId, number, new DateTime(ticks, DateTimeKind.Utc));
        }
    }
}
