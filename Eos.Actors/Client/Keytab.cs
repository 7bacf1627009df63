using System.Security.Cryptography;
using Akka.Configuration;

namespace Eos.Client;

/// <summary>
/// The secrets of an instance in one file, as configuration of the engine: the peer key makes a process a node, the client key lets it claim an identity
/// (as EOS's sss keytab does). A file for clients has the client key alone.
/// </summary>
public static class Keytab
{
    private const string PeerKey = "akka.remote.embedded.peer-key";
    private const string ClientKey = "akka.remote.embedded.client-key";

    /// <summary>Both keys of the file, made first if there is none; only its owner may read it.</summary>
    public static Config OpenOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        return Read(path);
    }

    /// <summary>What the file holds; <see cref="ConfigurationException"/> when it holds no client key.</summary>
    public static Config Read(string path)
    {
        var keys = ConfigurationFactory.ParseString(File.ReadAllText(path));
        return keys.GetString(ClientKey) is { Length: > 0 } ? keys : throw new ConfigurationException($"{path} has no {ClientKey}");
    }

    /// <summary>The client key alone: what a client may know.</summary>
    public static Config ReadForClient(string path) =>
        ConfigurationFactory.ParseString($"{ClientKey} = \"{Read(path).GetString(ClientKey)}\"");

    private static void Create(string path)
    {
        var text = $"""
            # Whoever has the peer key is a node of this instance; whoever has the client key may act in any user's name. Keep both secret.
            {PeerKey} = "{NewKey()}"
            {ClientKey} = "{NewKey()}"

            """;
        var part = $"{path}.{Environment.ProcessId}.part";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(part, options)) file.Write(text);
        File.Move(part, path, overwrite: false);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
