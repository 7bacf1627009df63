namespace Eos.Scheduling;

/// <summary>Where the replicas of a file stand to each other. Append only.</summary>
public enum PlacementKind
{
    /// <summary>As far apart as it goes.</summary>
    Scattered = 1,

    /// <summary>All but one near the geotag, one elsewhere.</summary>
    Hybrid = 2,

    /// <summary>All near the geotag.</summary>
    Gathered = 3,
}

/// <summary>EOS's placement policies: `scattered`, `hybrid:site1::rack2`, `gathered:site1`.</summary>
public sealed record PlacementPolicy(PlacementKind Kind, string Geotag)
{
    public static readonly PlacementPolicy Scattered = new(PlacementKind.Scattered, "");

    /// <summary>Null: it is none.</summary>
    public static PlacementPolicy? Parse(string text)
    {
        if (text == "scattered") return Scattered;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon + 1 == text.Length) return null;
        return text[..colon] switch
        {
            "hybrid" => new PlacementPolicy(PlacementKind.Hybrid, text[(colon + 1)..]),
            "gathered" => new PlacementPolicy(PlacementKind.Gathered, text[(colon + 1)..]),
            _ => null,
        };
    }
}
