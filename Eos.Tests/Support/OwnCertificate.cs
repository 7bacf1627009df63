using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Eos.Tests.Support;

/// <summary>A certificate that vouches for itself, in the forms that servers (PKCS#12) and clients (PEM) want.</summary>
internal static class OwnCertificate
{
    public const string Word = "word";

    /// <summary>Writes name.p12 and name.pem into the folder; the paths.</summary>
    public static (string Pkcs12, string Pem) Write(TemporaryFolder folder, string name = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var certificate = request.CreateSelfSigned(from, from.AddDays(30));
        var (pkcs12, pem) = (folder.Of($"{name}.p12"), folder.Of($"{name}.pem"));
        File.WriteAllBytes(pkcs12, certificate.Export(X509ContentType.Pkcs12, Word));
        File.WriteAllText(pem, certificate.ExportCertificatePem());
        return (pkcs12, pem);
    }
}
