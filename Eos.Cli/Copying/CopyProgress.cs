using Eos.Cli.Render;
using Spectre.Console;

namespace Eos.Cli.Copying;

/// <summary>The bar of a copy on a terminal: files, share, rate and what is left.</summary>
internal static class CopyProgress
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs <paramref name="work"/> and draws the tally beside it until it ends, well or not.</summary>
    public static Task ShowAsync(Task work, CopyTally tally, long? bytes) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var clock = TimeProvider.System;
                var started = clock.GetTimestamp();
                var task = context.AddTask(Description(tally, TimeSpan.Zero), maxValue: Math.Max(bytes ?? tally.Files, 1));
                task.IsIndeterminate = bytes is null && tally.Files == 1;
                while (true)
                {
                    var finished = await Task.WhenAny(work, Task.Delay(Beat)) == work;
                    task.Value = bytes is null ? tally.Copied : bytes == 0 ? (finished ? 1 : 0) : tally.Bytes;
                    task.Description = Description(tally, clock.GetElapsedTime(started));
                    if (finished) break;
                }
                await work;
            });

    private static string Description(CopyTally tally, TimeSpan elapsed) =>
        $"[[eos-cp]] {tally.Copied}/{tally.Files} files {HumanSize.Of(tally.Bytes)} {HumanSize.Rate(tally.Bytes, elapsed)}";
}
