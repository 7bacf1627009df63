using System.Globalization;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Eos.Host.Http;

/// <summary>The data port: who holds a valid capability moves the bytes that it names; everybody else is answered 403.</summary>
internal sealed class DataDoor(DataParts parts, PeerPort peers, HttpSettings settings, HttpMeter meter, ILogger log)
{
    private readonly UploadDoor _uploads = new(parts.Clock, peers, settings, log);
    private readonly DownloadDoor _downloads = new(peers, settings);

    public async Task RunAsync(HttpContext http)
    {
        using var measured = meter.Begin("fst", http);
        try
        {
            await DispatchAsync(http);
        }
        catch (Exception failure) when (Explain(failure, http) is { } refusal)
        {
            log.LogInformation("{Method} {Path}: {Text} (errc={Errno})", http.Request.Method, http.Request.Path, refusal.Text, (int)refusal.Why);
            await HttpFailure.AnswerAsync(http, refusal.Why, refusal.Text, (failure as PeerFault)?.Fs);
        }
    }

    private Task DispatchAsync(HttpContext http)
    {
        var operation = http.Request.Method switch
        {
            "PUT" or "POST" => CapabilityOperation.Write,
            "GET" or "HEAD" => CapabilityOperation.Read,
            _ => throw new EosException(Errno.NotSupported, $"the data port does not know {http.Request.Method}"),
        };
        var text = http.Request.Query[FstProtocol.CapabilityQuery].ToString();
        var opened = SignedCapability.Open(text, parts.Keys(), parts.Clock.Now);
        if (opened.Refusal is { } refusal) throw new EosException(refusal.Why, refusal.Text);
        var grant = new ChainGrant(opened.Capability!, text, PositionOf(http.Request, opened.Capability!, operation));
        var gate = parts.Find(grant.Place.Fs) ?? throw Elsewhere();
        var check = SignedCapability.Check(text, parts.Keys(), parts.Clock.Now, operation, gate.Id);
        if (check.Refusal is { } wrong) throw new EosException(wrong.Why, wrong.Text);
        if (operation == CapabilityOperation.Read) return _downloads.RunAsync(http, grant, gate, alone: http.Request.Query.ContainsKey(FstProtocol.ChainQuery));
        if (http.Request.Query.ContainsKey(FstProtocol.SettleQuery))
        {
            UploadDoor.Settle(http, grant.Capability, gate);
            return Task.CompletedTask;
        }

        return _uploads.RunAsync(http, grant, gate);
    }

    /// <summary>The place that the request names; without a name a write means the head, and a read whatever place is here.</summary>
    private int PositionOf(HttpRequest request, Capability capability, CapabilityOperation operation)
    {
        var places = capability.Places;
        var named = request.Query[FstProtocol.ChainQuery].ToString();
        var position = named.Length > 0 ? (int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            : operation == CapabilityOperation.Write ? 0
            : Math.Max(0, places.ToList().FindIndex(place => parts.Find(place.Fs) is not null));
        return position >= 0 && position < places.Length ? position : throw Elsewhere();
    }

    private static EosException Elsewhere() => new(Errno.AccessDenied, "the capability is for filesystems of another node");

    /// <summary>What to answer after a failure that may happen; null for a fault of ours, which the server answers 500 and logs.</summary>
    private static Refusal? Explain(Exception failure, HttpContext http) => failure switch
    {
        EosException refused => new Refusal(refused.Why, refused.Message),
        DiskFault fault => new Refusal(fault.Why, fault.Message),
        PeerFault peer => new Refusal(peer.Why, peer.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new Refusal(Errno.TimedOut, "the client sends too slowly"),
        BadHttpRequestException bad => new Refusal(Errno.Invalid, bad.Message),
        ConnectionResetException or ConnectionAbortedException => new Refusal(Errno.TimedOut, "the client is gone"),
        OperationCanceledException when http.RequestAborted.IsCancellationRequested => new Refusal(Errno.TimedOut, "the client is gone"),
        _ => null,
    };
}

/// <summary>What the data port needs of its node.</summary>
/// <param name="Find">The gate of a filesystem of this node; null for others.</param>
/// <param name="Keys">The keys that capabilities are signed with, now.</param>
public sealed record DataParts(Func<FsId, IFilesystemGate?> Find, Func<CapabilityKeys> Keys, IClock Clock);
