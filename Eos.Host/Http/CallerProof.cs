using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;
using Microsoft.AspNetCore.Http;

namespace Eos.Host.Http;

/// <summary>
/// Who comes by HTTP: from which address, with which token (`Authorization: Bearer …` or EOS's `authz` in the query), and whom the certificate names that TLS has verified, for which this door
/// signs a ticket.
/// </summary>
/// <param name="ticketKey">Null: certificates are not looked at.</param>
/// <param name="patience">How long a request is pursued: a ticket counts a little longer.</param>
internal sealed class CallerProof(Func<byte[]>? ticketKey, TimeSpan patience, IClock clock)
{
    private const string Bearer = "Bearer ";

    public GatewayProtocol.Claim Of(HttpContext http, GatewayProtocol.Claim plain)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : http.Request.Query["authz"].ToString();
        var host = AddressOf(http) ?? plain.Host;
        return plain with { Host = host, Token = token, Door = plain.Door.Length == 0 ? "" : http.Request.Scheme, Ticket = TicketOf(http, host) };
    }

    private string TicketOf(HttpContext http, string host) =>
        ticketKey is not null && http.Connection.ClientCertificate is { } certificate && CertificateSubject.Of(certificate.SubjectName) is { Length: > 0 } subject
            ? SignedTicket.Sign(
                new Ticket(Proof.Certificate, VirtualIdentity.NobodyId, VirtualIdentity.NobodyId, subject, host, clock.Now + 2 * patience), ticketKey())
            : "";

    private static string? AddressOf(HttpContext http) =>
        http.Connection.RemoteIpAddress is not { } address ? null : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
