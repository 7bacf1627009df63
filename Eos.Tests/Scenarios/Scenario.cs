using System.Text.RegularExpressions;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Scenarios;

/// <summary>What all scenarios have in common: a directory of their own, command lines that must succeed or fail, files to upload.</summary>
public abstract class Scenario(ScenarioInstance instance) : IAsyncLifetime
{
    private static int _last;

    /// <summary>The test directory of the instance.</summary>
    protected const string T = "/eos/dev/test";

    /// <summary>Before a command: nobody.</summary>
    protected const string Nobody = "-r 99 99";

    /// <summary>A fresh directory.</summary>
    protected string D { get; } = $"{T}/case{Interlocked.Increment(ref _last)}";

    internal ScenarioInstance Instance => instance;

    public virtual async Task InitializeAsync() => await Ok($"mkdir {D}");

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The line must succeed; what it printed.</summary>
    protected async Task<string> Ok(string line) => Good(await instance.RunAsync(line), line);

    /// <summary>The same in words, where a line would need quoting.</summary>
    protected async Task<string> Ok(params string[] words) => Good(await instance.RunAsync(words, ""), string.Join(' ', words));

    /// <summary>The line must fail; what it printed as error.</summary>
    protected async Task<string> Fails(string line) => Bad(await instance.RunAsync(line), line);

    protected async Task<string> Fails(params string[] words) => Bad(await instance.RunAsync(words, ""), string.Join(' ', words));

    /// <summary>The line must fail with that errno.</summary>
    protected async Task Fails(Errno why, string line)
    {
        var outcome = await instance.RunAsync(line);
        Assert.True(outcome.Code == (int)why, $"eos {line}: {outcome.Code}, not {(int)why}\n{outcome.Output}{outcome.Error}");
    }

    /// <summary>The exit code, whatever it is.</summary>
    protected async Task<int> Code(string line) => (await instance.RunAsync(line)).Code;

    protected async Task<string> Output(string line) => (await instance.RunAsync(line)).Output;

    /// <summary>Stores bytes under a path, as somebody.</summary>
    protected Task Up(byte[] bytes, string path, string role = "") => Ok($"{role} cp -s {instance.Local(bytes)} '{path}'");

    protected Task<string> UpFails(byte[] bytes, string path, string role = "") => Fails($"{role} cp -s {instance.Local(bytes)} '{path}'");

    /// <summary>The bytes of a path.</summary>
    protected async Task<byte[]> Down(string path, string role = "")
    {
        var local = instance.LocalName();
        await Ok($"{role} cp -s '{path}' {local}");
        return await File.ReadAllBytesAsync(local);
    }

    protected Task<string> DownFails(string path, string role = "") => Fails($"{role} cp -s '{path}' {instance.LocalName()}");

    /// <summary>One value of `fileinfo -m`; empty if it is not there.</summary>
    protected async Task<string> Info(string path, string key) => Value(await Ok("fileinfo", path, "-m"), key);

    /// <summary>The value of a key among blanks: `key=value`.</summary>
    protected static string Value(string line, string key) => Regex.Match(line, $@"(?:^|\s){Regex.Escape(key)}=(\S*)").Groups[1].Value;

    protected static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asks until the answer is good.</summary>
    protected static Task<string> Settles(Func<Task<string>> question, Func<string, bool> good, string what) => Eventually.Is(question, good, what);

    /// <summary>1 KiB of "y" and line ends.</summary>
    protected static byte[] OneK { get; } = Yes(1024);

    /// <summary>1 024 000 bytes of the same.</summary>
    protected static byte[] OneM { get; } = Yes(1_024_000);

    protected static byte[] Passwd { get; } = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:2:2:daemon:/:/sbin/nologin\n"u8.ToArray();

    protected static byte[] Yes(int length) => [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? (byte)'y' : (byte)'\n')];

    private static string Good(Outcome outcome, string line)
    {
        Assert.True(outcome.Code == 0, $"eos {line}: {outcome.Code}\n{outcome.Output}{outcome.Error}");
        return outcome.Output;
    }

    private static string Bad(Outcome outcome, string line)
    {
        Assert.True(outcome.Code != 0, $"eos {line} succeeded\n{outcome.Output}{outcome.Error}");
        return outcome.Error;
    }
}
