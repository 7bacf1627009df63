using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Eos.Host.Http;

/// <summary>
/// The subject of a certificate as grid tools and `vid set map -https` write it: `/DC=org/DC=example/CN=Ann Lee`, in the certificate's order. A slash or another sign within a value that could
/// be taken for the form itself has a backslash before it, so that no value can look like a further part.
/// </summary>
public static class CertificateSubject
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["2.5.4.3"] = "CN", ["2.5.4.6"] = "C", ["2.5.4.7"] = "L", ["2.5.4.8"] = "ST", ["2.5.4.10"] = "O", ["2.5.4.11"] = "OU",
        ["0.9.2342.19200300.100.1.25"] = "DC", ["0.9.2342.19200300.100.1.1"] = "UID", ["1.2.840.113549.1.9.1"] = "emailAddress", ["2.5.4.5"] = "serialNumber",
    };

    /// <summary>Empty: the certificate has none, or one with parts of several values, which this form can't say.</summary>
    public static string Of(X500DistinguishedName subject)
    {
        var text = new StringBuilder();
        foreach (var part in subject.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements || part.GetSingleElementValue() is not { } value) return "";
            var type = part.GetSingleElementType().Value ?? "";
            text.Append('/').Append(Names.GetValueOrDefault(type, type)).Append('=');
            foreach (var sign in value)
            {
                if (char.IsControl(sign)) return "";
                if (sign is '/' or '\\' or '"') text.Append('\\');
                text.Append(sign);
            }
        }
        return text.ToString();
    }
}
