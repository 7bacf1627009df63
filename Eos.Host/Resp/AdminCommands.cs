using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Commands about the group and this node's part of it; what they do is the group's (<see cref="IGroup.AdministerAsync"/>).</summary>
internal static class AdminCommands
{
    public static readonly DoorCommand[] All =
    [
        Of("raft-info", Arity.Between(1, 2)), Of("raft-leader-info", Arity.Exactly(1)), Of("raft-add-observer", Arity.Exactly(2)), Of("raft-promote-observer", Arity.Exactly(2)),
        Of("raft-demote-to-observer", Arity.Exactly(2)), Of("raft-remove-member", Arity.Exactly(2)), Of("raft-attempt-coup", Arity.Exactly(1)),
        Of("raft-fetch", Arity.Between(2, 3)), Of("raft-fetch-last", Arity.Between(2, 3)), Of("raft-journal-scan", Arity.AtLeast(2)),
        Of("raft-checkpoint", Arity.Exactly(2)), Of("quarkdb-checkpoint", Arity.Exactly(2)), Of("quarkdb-verify-checksum", Arity.Exactly(1)),
        Of("quarkdb-manual-compaction", Arity.Exactly(1)), Of("raft-set-fsync-policy", Arity.Exactly(2)), Of("quarkdb-info", Arity.Exactly(1)),
        Of("quarkdb-version", Arity.Exactly(1)), Of("quarkdb-health", Arity.Exactly(1)),
    ];

    private static DoorCommand Of(string name, Arity arity) => new(name, arity, "raft", (s, r) => new AdminTurn(s.Server.Group, r, s.Connection));
}
