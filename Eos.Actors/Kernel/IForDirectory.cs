namespace Eos.Kernel;

/// <summary>A message for the actor of one directory, wherever it runs: sharding reads the number and delivers.</summary>
public interface IForDirectory
{
    DirectoryId Directory { get; }
}
