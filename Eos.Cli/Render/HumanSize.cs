using System.Globalization;

namespace Eos.Cli.Render;

/// <summary>Sizes as EOS prints them: a plain integer below 10 000, else two decimals and a decimal unit.</summary>
internal static class HumanSize
{
    private const string Units = "kMGTPE";

    /// <summary>"9999", "10.00k", "1.07G": factor 1000, never rounded up to "1000.00".</summary>
    public static string Of(long bytes)
    {
        if (bytes is > -10_000 and < 10_000) return bytes.ToString(CultureInfo.InvariantCulture);
        var value = bytes / 1000m;
        var unit = 0;
        while (Math.Abs(Math.Round(value, 2)) >= 1000m && unit < Units.Length - 1)
        {
            value /= 1000m;
            unit++;
        }
        return value.ToString("0.00", CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>A transfer's speed: "12.50 MB/s".</summary>
    public static string Rate(long bytes, TimeSpan elapsed)
    {
        var perSecond = elapsed.TotalSeconds <= 0 ? 0 : bytes / elapsed.TotalSeconds;
        return (perSecond / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " MB/s";
    }
}
