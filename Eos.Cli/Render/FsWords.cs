using Eos.Fst;
using Eos.Kernel;
using Eos.Views;
using static Eos.Fst.FstProtocol;

namespace Eos.Cli.Render;

/// <summary>EOS's words for the states of filesystems.</summary>
internal static class FsWords
{
    public static string Of(BootStatus status) => FsConfiguration.WordOf(status);

    public static string Of(ConfigStatus status) => FsConfiguration.WordOf(status);

    public static string Of(Activity activity) => activity switch
    {
        Activity.Online => "online",
        Activity.Offline => "offline",
        Activity.Overload => "overload",
        _ => "undef",
    };

    /// <summary>EOS's `health`: what is known of the disk itself, and of replicas that were found bad and are not made good yet.</summary>
    public static string Health(FsReport report) =>
        report.Health.Error != Errno.None ? report.Health.Error.Text()
        : report.Usage.Faults.Open > 0 ? $"{report.Usage.Faults.Open} bad"
        : "ok";

    /// <summary>Per cent with two decimals; 0 of nothing.</summary>
    public static double Filled(ulong used, ulong capacity) => capacity == 0 ? 0 : 100.0 * used / capacity;
}
