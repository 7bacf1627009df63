using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Eos.Kernel;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Eos.Host.Http;

/// <summary>TLS of the namespace: `eos.http.ssl`, when `enable-ssl` is on.</summary>
/// <param name="Port">A port beside that without TLS; 0: any free.</param>
/// <param name="CertificatePath">A PKCS#12 file with certificate and private key; further certificates in it are sent with it.</param>
/// <param name="Authorities">A PEM file with the certificates of those who vouch for clients; empty: no client is asked for a certificate.</param>
public sealed record HttpTlsSettings(int Port, string CertificatePath, string CertificatePassword, string Authorities)
{
    /// <summary>Reads `eos.http.ssl`; <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static HttpTlsSettings From(Settings s)
    {
        var settings = new HttpTlsSettings(s.Int("port"), s.Text("certificate.path"), s.Text("certificate.password"), s.Text("authorities"));
        return settings.Port is < 0 or > 65535 ? throw new ConfigurationException($"eos.http.ssl: {settings.Port} is no port") : settings;
    }
}

/// <summary>What the server shows, and which clients' certificates it believes: those that are valid now, meant for clients, and signed by one of its authorities.</summary>
internal static class HttpTls
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <exception cref="ConfigurationException">A file can't be read, or has not what it should.</exception>
    public static HttpsConnectionAdapterOptions Of(HttpTlsSettings settings)
    {
        if (settings.CertificatePath.Length == 0) throw new ConfigurationException("eos.http.enable-ssl needs eos.http.ssl.certificate.path");
        var all = Read(settings.CertificatePath, path => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, settings.CertificatePassword));
        var options = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new ConfigurationException($"{settings.CertificatePath} holds no certificate with a private key"),
            ServerCertificateChain = all,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateMode = ClientCertificateMode.NoCertificate,
        };
        if (settings.Authorities.Length == 0) return options;
        var authorities = Read(settings.Authorities, path =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            return found;
        });
        if (authorities.Count == 0) throw new ConfigurationException($"{settings.Authorities} holds no certificate");
        options.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        options.ClientCertificateValidation = (certificate, chain, _) => IsBelieved(certificate, chain, authorities);
        return options;
    }

    private static bool IsBelieved(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(ForClients));
        if (sent is not null) policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private static X509Certificate2Collection Read(string path, Func<string, X509Certificate2Collection> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException($"certificates of eos.http can't be read from {path}: {e.Message}", e);
        }
    }
}
