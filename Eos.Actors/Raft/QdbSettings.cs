using System.Collections.Immutable;
using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Raft;

/// <summary>Knobs of a member's shell: `eos.qdb`.</summary>
/// <param name="Members">As "host:port"; a member with an empty log that is among them founds the group with all of them.</param>
/// <param name="Myself">The name of this member; empty: its remoting address.</param>
/// <param name="HandOverTimeout">How long a leader that is to stop waits for another.</param>
/// <param name="DigestInterval">Entries between two comparisons of states.</param>
public sealed record QdbSettings(
    string Group, string Cluster, ImmutableArray<MemberId> Members, string Myself, TimeSpan HandshakeInterval, TimeSpan HandOverTimeout, ulong DigestInterval, QdbLimits Limits)
{
    public static QdbSettings From(Settings s)
    {
        var settings = new QdbSettings(
            s.Text("group"), s.Text("cluster"), [.. s.Texts("members").Select(m => new MemberId(m))], s.Text("myself"), s.Duration("handshake-interval"), s.Duration("hand-over-timeout"),
            (ulong)s.Int("digest-interval"),
            new QdbLimits(
                s.Bytes("batch-size"), s.Bytes("max-entry"), s.Int("max-waiting"), s.Bytes("max-waiting-size"), s.Int("unstored-batches"), s.Bytes("apply-ahead"),
                (int)s.Bytes("chunk-size")));
        settings.Check();
        return settings;
    }

    private void Check()
    {
        Must(Group.Length > 0 && Group.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), "group must be letters, digits, - and _");
        Must(Members.Distinct().Count() == Members.Length, "members must differ");
        foreach (var member in Members.Concat(Myself.Length > 0 ? [new MemberId(Myself)] : []))
            Must(member.Value.LastIndexOf(':') is > 0 and var at && ushort.TryParse(member.Value.AsSpan(at + 1), out _), $"'{member}' is no host:port");
        Must(HandshakeInterval >= TimeSpan.FromMilliseconds(50) && HandshakeInterval <= TimeSpan.FromMinutes(1), "handshake-interval must be 50ms .. 1min");
        Must(HandOverTimeout >= TimeSpan.FromMilliseconds(10) && HandOverTimeout <= TimeSpan.FromSeconds(5), "hand-over-timeout must be 10ms .. 5s");
        Must(DigestInterval >= 16, "digest-interval must be at least 16");
        Must(Limits.BatchSize is >= 1024 and <= 4 << 20, "batch-size must be 1 KiB .. 4 MiB");
        Must(Limits.MaxEntry is >= 1024 and <= 64 << 20, "max-entry must be 1 KiB .. 64 MiB");
        Must(Limits.MaxWaiting >= 1, "max-waiting must be at least 1");
        Must(Limits.MaxWaitingSize >= Limits.MaxEntry, "max-waiting-size must hold one max-entry");
        Must(Limits.UnstoredBatches is >= 1 and <= 1000, "unstored-batches must be 1 .. 1000");
        Must(Limits.ApplyAhead >= 64 << 10, "apply-ahead must be at least 64 KiB");
        Must(Limits.ChunkSize is >= 4 << 10 and <= 3 << 20, "chunk-size must be 4 KiB .. 3 MiB");
    }

    private static void Must(bool holds, string law)
    {
        if (!holds) throw new ConfigurationException($"eos.qdb: {law}");
    }
}

/// <summary>What bounds a member's work and memory; sizes in bytes.</summary>
/// <param name="BatchSize">Entries proposed together, unless one is larger.</param>
/// <param name="UnstoredBatches">Proposed batches that a leader's own disk may owe.</param>
/// <param name="ApplyAhead">Handed to the state and not applied yet.</param>
/// <param name="ChunkSize">A piece of a snapshot.</param>
public sealed record QdbLimits(
    long BatchSize, long MaxEntry, int MaxWaiting, long MaxWaitingSize, int UnstoredBatches, long ApplyAhead, int ChunkSize);
