using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// What clients and receptionists say to each other. A client asks its contacts who else there is; the first that answers is its
/// receptionist, gets its messages and must answer its heartbeats.
/// </summary>
public interface IClusterClientMessage;

internal sealed record GetContacts : IClusterClientMessage, IDeadLetterSuppression;

internal sealed record Contacts(ImmutableList<string> Paths) : IClusterClientMessage, IDeadLetterSuppression;

internal sealed record Heartbeat : IClusterClientMessage, IDeadLetterSuppression;

internal sealed record HeartbeatRsp : IClusterClientMessage, IDeadLetterSuppression;

/// <summary>The receptionist goes; the client is to look for another at once.</summary>
internal sealed record ReceptionistShutdown : IClusterClientMessage, IDeadLetterSuppression;
