namespace Eos.Scheduling;

/// <summary>Geotags: where something stands, from the large to the small, as `geneva::building513::rack7`.</summary>
public static class Geotags
{
    /// <summary>How many steps from the large two places have in common; 0 if one of them is not known.</summary>
    public static int Common(string one, string other)
    {
        var (left, right) = (Steps(one), Steps(other));
        var same = 0;
        while (same < Math.Min(left.Length, right.Length) && left[same] == right[same]) same++;
        return same;
    }

    /// <summary>The steps that two places have in common, as a geotag.</summary>
    public static string Shared(string one, string other) => string.Join("::", Steps(one).Take(Common(one, other)));

    private static string[] Steps(string geotag) => geotag.Split("::", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Chance that is the same for the same turn, so that rules stay functions.</summary>
internal static class Lots
{
    /// <summary>Spreads a number over all bits (the finaliser of SplitMix64).</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
