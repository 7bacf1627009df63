namespace Eos.Gateway;

/// <summary>How often users and groups asked each command over the last five seconds. Mutable; belongs to one gateway, which counts only while there are limits.</summary>
public sealed class RateWatch
{
    private const int Seconds = 5;
    private const int MostRows = 100_000;
    private readonly Dictionary<(bool IsGroup, uint Id, string Command), (long Second, int[] Counts)> _rows = [];

    /// <summary>Counts one request; requests a second of that command: of the user, of the group.</summary>
    public (double User, double Group) Count(uint uid, uint gid, string command, long second)
    {
        if (_rows.Count > MostRows) _rows.Clear();
        return (One((false, uid, command), second), One((true, gid, command), second));
    }

    private double One((bool, uint, string) key, long second)
    {
        var (last, counts) = _rows.TryGetValue(key, out var row) ? row : (second, new int[Seconds]);
        for (var s = Math.Max(last + 1, second - Seconds + 1); s <= second; s++) counts[s % Seconds] = 0;
        counts[second % Seconds]++;
        _rows[key] = (second, counts);
        return counts.Sum() / (double)Seconds;
    }
}
