using System.Globalization;

namespace Eos.Cli.Render;

/// <summary>Sizes as EOS prints them: a plain integer below 10 000, else two decimals and a decimal unit.</summary>
internal static class HumanSize
{
    private const string Units = "kMGTPE";

    /// <summary>"9999", "10.00k", "1.07G": factor 1000, never rounded up to "1000.00".</summary>
    /// <param name="separator">Between the number and its unit.</param>
    public static string Of(long bytes, int factor = 1000, string separator = "")
    {
        if (bytes is > -10_000 and < 10_000) return bytes.ToString(CultureInfo.InvariantCulture);
        var value = bytes / (decimal)factor;
        var unit = 0;
        while (Math.Abs(Math.Round(value, 2)) >= factor && unit < Units.Length - 1)
        {
            value /= factor;
            unit++;
        }
        return value.ToString("0.00", CultureInfo.InvariantCulture) + separator + Units[unit];
    }

    /// <summary>A transfer's speed: "12.50 MB/s".</summary>
    public static string Rate(long bytes, TimeSpan elapsed)
    {
        var perSecond = elapsed.TotalSeconds <= 0 ? 0 : bytes / elapsed.TotalSeconds;
        return (perSecond / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " MB/s";
    }
}
