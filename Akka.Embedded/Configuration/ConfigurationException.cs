namespace Akka.Configuration;

/// <summary>A configuration that cannot be used as it is.</summary>
public class ConfigurationException : Akka.Actor.AkkaException
{
    public ConfigurationException(string message) : base(message) { }
    public ConfigurationException(string message, Exception cause) : base(message, cause) { }
}
