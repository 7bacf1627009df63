namespace Akka.Cluster.Sharding;

/// <summary>FNV-1a over UTF-16 code units with a final mix: the same on every machine and in every version.</summary>
internal static class StableHash
{
    public static uint Of(string text)
    {
        var h = 2166136261u;
        foreach (var c in text) h = (h ^ c) * 16777619u;
        h = (h ^ (h >> 16)) * 0x85ebca6bu;
        h = (h ^ (h >> 13)) * 0xc2b2ae35u;
        return h ^ (h >> 16);
    }
}
