using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`config`: the configuration of the instance as a whole.</summary>
internal static class ConfigVerbs
{
    public static readonly AdminVerb[] All =
    [
        new("config", "dump", AdminRight.Root, f => Rows(
            f.Instance.All.Select(v => AdminRecord.Empty.Add("key", v.Key).Add("value", v.Value)), f.Instance.All.Select(v => $"{v.Key} => {v.Value}"))),
    ];
}
