using System.Diagnostics;
using System.Text;

namespace Eos.Tests.Support;

/// <summary>What a process printed and how it ended.</summary>
internal sealed record Outcome(int Code, string Output, string Error);

/// <summary>Starts programs: those of this solution by the name of their dll (beside the tests), others by their path.</summary>
internal static class Child
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static System.Diagnostics.Process Start(string program, IEnumerable<string> words, IEnumerable<(string Name, string? Value)> environment)
    {
        var ours = program.EndsWith(".dll", StringComparison.Ordinal);
        // whoever runs the tests in the background may have them ignore SIGINT, and their children with them
        var start = new ProcessStartInfo(ours ? "env" : program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        if (ours)
            foreach (var word in new[] { "--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, program) }) start.ArgumentList.Add(word);
        foreach (var word in words) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return System.Diagnostics.Process.Start(start) ?? throw new InvalidOperationException($"cannot start {program}");
    }

    /// <summary>Runs it to its end, with nothing, or <paramref name="input"/>, to read.</summary>
    public static async Task<Outcome> RunAsync(
        string program, IEnumerable<string> words, IEnumerable<(string, string?)>? environment = null, byte[]? input = null)
    {
        using var process = Start(program, words, environment ?? []);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            if (input is not null) await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it did not read what it was given: its exit code tells why
        }
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', words)} did not end within {Limit}\n{await output}{await error}");
        }
        return new Outcome(process.ExitCode, await output, await error);
    }
}
