using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Akka.Remote;

/// <summary>
/// TLS around a connection. A certificate is accepted if its chain ends in the machine's trusted authorities, or in a certificate of this
/// node's own PKCS#12 file (an authority in it, or the node's self-signed certificate when all nodes share one). Names are not compared: nodes
/// are told apart by the handshake.
/// </summary>
internal sealed class Tls
{
    private readonly TlsSettings _settings;
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authorities = [];

    public Tls(TlsSettings settings)
    {
        _settings = settings;
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(settings.Path, settings.Password, X509KeyStorageFlags.Exportable);
        _own = all.FirstOrDefault(c => c.HasPrivateKey)
            ?? throw new InvalidOperationException($"{settings.Path} holds no certificate with a private key");
        _authorities.AddRange(all.Where(c => !ReferenceEquals(c, _own) || c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)).ToArray());
    }

    public async Task<Stream> Wrap(Stream inner, bool server, string targetHost, CancellationToken cancel)
    {
        var ssl = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            if (server) await ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _own,
                ClientCertificateRequired = _settings.Mutual,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => !_settings.Mutual || IsTrusted(certificate, errors),
            }, cancel).ConfigureAwait(false);
            else await ssl.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = targetHost,
                ClientCertificates = [_own],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => _own,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors),
            }, cancel).ConfigureAwait(false);
            return ssl;
        }
        catch
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null) return false;
        if (_settings.SuppressValidation || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None) return true;
        if (_authorities.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(copy);
    }
}
