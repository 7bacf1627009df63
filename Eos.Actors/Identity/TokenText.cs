using System.Globalization;
using System.Text.Json;

namespace Eos.Identity;

/// <summary>A token as people and programs read it: EOS's JSON.</summary>
public static class TokenText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Line by line.</summary>
    public static string[] Lines(EosToken token)
    {
        var body = new
        {
            permission = token.Permission,
            expires = token.Expires.Seconds.ToString(CultureInfo.InvariantCulture),
            owner = token.Owner,
            group = token.Group,
            generation = token.Generation.ToString(CultureInfo.InvariantCulture),
            path = string.Join("://:", token.Paths),
            allowtree = token.Tree,
            vtoken = "",
            voucher = token.Voucher,
            requester = token.Requester,
            origins = token.Origins.Select(Origin).ToArray(),
        };
        return JsonSerializer.Serialize(new { token = body }, Indented).Split('\n');
    }

    private static Dictionary<string, string> Origin(string origin) =>
        new[] { "host", "name", "prot" }.Zip(origin.Split('#')).ToDictionary(p => p.First, p => p.Second);
}
