using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Eos.Host.Http;
using Eos.Kernel;

namespace Eos.Tests.Unit.Http;

/// <summary>Subjects of certificates as text, and the settings of HTTPS.</summary>
public sealed class CertificateSubjectTests
{
    [Fact]
    public void A_subject_is_written_from_the_root_down_as_grid_tools_do()
    {
        var builder = new X500DistinguishedNameBuilder();   // the last that is added stands first
        builder.AddCommonName("Ann Lee");
        builder.AddOrganizationalUnitName("Users");
        builder.AddDomainComponent("example");
        builder.AddDomainComponent("org");
        Assert.Equal("/DC=org/DC=example/OU=Users/CN=Ann Lee", CertificateSubject.Of(builder.Build()));
    }

    [Fact]
    public void No_value_looks_like_a_further_part()
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName("x/CN=root\"\\");
        Assert.Equal("/CN=x\\/CN=root\\\"\\\\", CertificateSubject.Of(builder.Build()));
        Assert.Equal("", CertificateSubject.Of(TwoInOne()));
        Assert.Equal("", CertificateSubject.Of(new X500DistinguishedName("")));
    }

    /// <summary>One part with two values.</summary>
    private static X500DistinguishedName TwoInOne()
    {
        var name = new AsnWriter(AsnEncodingRules.DER);
        using (name.PushSequence())
        using (name.PushSetOf())
            foreach (var (type, value) in new[] { ("2.5.4.3", "a"), ("2.5.4.11", "b") })
                using (name.PushSequence())
                {
                    name.WriteObjectIdentifier(type);
                    name.WriteCharacterString(UniversalTagNumber.UTF8String, value);
                }
        return new X500DistinguishedName(name.Encode());
    }

    [Fact]
    public void Without_a_certificate_of_its_own_the_door_does_not_open()
    {
        var on = ConfigurationFactory.ParseString("eos.http.enable-ssl = on").WithFallback(Settings.Reference);
        Assert.NotNull(HttpSettings.From(new Settings(on, "eos.http")).Tls);
        Assert.Null(HttpSettings.From(new Settings(Settings.Reference, "eos.http")).Tls);
        Assert.Contains("certificate.path", Assert.Throws<ConfigurationException>(() => HttpTls.Of(new HttpTlsSettings(0, "", "", ""))).Message);
        Assert.Contains("/none", Assert.Throws<ConfigurationException>(() => HttpTls.Of(new HttpTlsSettings(0, "/none", "", ""))).Message);
    }
}
