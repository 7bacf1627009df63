using Akka.Configuration;

namespace Eos.Kernel;

/// <summary>
/// Reads one section of the configuration. A missing or unreadable key is a <see cref="ConfigurationException"/> that names it:
/// all defaults are in eos.reference.conf, none in the code.
/// </summary>
public sealed class Settings
{
    private readonly Config _config;
    private readonly string _path;
    private readonly ICollection<string>? _reads;

    /// <param name="reads">Gets the full name of every key that is read.</param>
    public Settings(Config config, string path, ICollection<string>? reads = null) =>
        (_config, _path, _reads) = (ReferenceEquals(config, Reference) ? config : config.WithFallback(Reference), path, reads);

    /// <summary>Every key of Eos with its default: the embedded eos.reference.conf.</summary>
    public static Config Reference { get; } = Embedded("eos.reference.conf");

    /// <summary>A configuration file that is part of this assembly.</summary>
    public static Config Embedded(string name)
    {
        using var stream = typeof(Settings).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the assembly");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    /// <summary>A section below this one.</summary>
    public Settings Section(string key) => new(_config, $"{_path}.{key}", _reads);

    public TimeSpan Duration(string key) => Read(key, p => _config.GetTimeSpan(p, null, allowInfinite: false));
    public int Int(string key) => Read(key, p => _config.GetInt(p));
    public double Real(string key) => Read(key, p => _config.GetDouble(p));
    public bool Flag(string key) => Read(key, p => _config.GetBoolean(p));
    public string Text(string key) => Read(key, p => _config.GetString(p));
    public IReadOnlyList<string> Texts(string key) => Read(key, p => (IReadOnlyList<string>)[.. _config.GetStringList(p)]);

    /// <summary>A number of bytes: `64KiB`, `1G`.</summary>
    public long Bytes(string key) => Read(key, p => _config.GetByteSize(p) ?? throw new FormatException("no byte size"));

    /// <summary>Permission bits, written in octal.</summary>
    public int Octal(string key) => Read(key, p => Convert.ToInt32(_config.GetString(p), 8));

    private T Read<T>(string key, Func<string, T> read)
    {
        var path = $"{_path}.{key}";
        _reads?.Add(path);
        if (!_config.HasPath(path)) throw new ConfigurationException($"{path} is not set");
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw new ConfigurationException($"{path} is not readable: {e.Message}", e);
        }
    }
}
